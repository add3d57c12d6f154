--- The trace hook: tells `on_event` what happens to requests, as the engine has recorded it.
local display = require "ngrok.display"

local trace = {}
trace.__index = trace

--- What `on_event` is called with. Fields that do not apply are nil.
-- @table event
-- @field name "submitted"; "waiting", where it is not sent at once; "attempt", when it is sent; "retry", when
--   an attempt has failed and another will follow; "done"
-- @field operation "credentials.create" and the like
-- @field request the number of the request, counted by its client
-- @field attempt how many attempts have begun
-- @field why what it waits for: "max_in_flight", "rate_limit", "pause" (after HTTP 429), "backoff"
-- @field seconds how long it will wait; of an attempt, how long it has waited
-- @field kind, phase, outcome, message of a retry and of done: what went wrong, as in an error
-- @field status HTTP status of the last answer
-- @field operation_id ngrok's, of the last answer
-- @field timings seconds that the last attempt took: `resolve`, `connect`, `tls`, `first_byte`, `receive`,
--   `total`; by the curl transport only

--- @tparam userdata core the core's client
-- @tparam function on_event
-- @tparam function on_failure called with what `on_event` raises
-- @treturn table
function trace.new(core, on_event, on_failure)
  core:trace()
  return setmetatable({
    core = core, on_event = on_event, on_failure = on_failure,
    operations = {}, -- by request, until it is done
    telling = false,
  }, trace)
end

--- Names a request's operation. To be called before `tell`.
-- @tparam number id
-- @tparam string operation
function trace:name(id, operation)
  self.operations[id] = operation
end

-- The words for a cancelled request are our own, and its client may be closed.
local function redacted(self, event)
  if event.message and event.kind ~= "cancelled" then
    event.message = display.line(self.core:redact(event.message) or "[withheld: the client is closed]")
  end
  if event.operation_id then
    local told = self.core:redact(event.operation_id)
    event.operation_id = told and display.line(told)
  end
  return event
end

local function complete(self, event)
  event.operation = self.operations[event.request]
  if event.name == "done" then
    self.operations[event.request] = nil
  end
  return redacted(self, event)
end

local function call_hook(self, spawn, event)
  local ran, fine, err = pcall(spawn, function()
    -- Caught in here: the host may come to it later, when nobody is left to catch it.
    local went_well, problem = pcall(self.on_event, event)
    if not went_well then
      pcall(self.on_failure, problem)
    end
  end)
  if not (ran and fine) then
    pcall(self.on_failure, ran and err or fine)
  end
end

--- Calls the hook with what has happened since it was called last. What the hook itself causes is left for
-- whoever called it, so that hooks do not pile up on each other.
-- @tparam function spawn the loop's, so that a hook that yields holds nobody
function trace:tell(spawn)
  if self.telling then
    return
  end
  self.telling = true
  local event = self.core:next_event()
  while event do
    call_hook(self, spawn, complete(self, event))
    event = self.core:next_event()
  end
  self.telling = false
end

return trace
