--- The trace hook: tells `on_event` what happens to requests, as the engine has recorded it.
local display = require "ngrok.display"
local error_object = require "ngrok.error"

local trace = {}
trace.__index = trace

--- What `on_event` is called with. Fields that do not apply are nil.
---@table event
---@field name "submitted"; "waiting", where it is not sent at once; "attempt", when it is sent; "retry", when
---   an attempt has failed and another will follow; "done"
---@field operation "credentials.create" and the like
---@field request the number of the request, counted by its client
---@field attempt how many attempts have begun
---@field why what it waits for: "max_in_flight", "rate_limit", "pause" (after HTTP 429), "backoff"
---@field seconds how long it will wait; of an attempt, how long it has waited; of done, of the whole call
---@field ok of done: whether the API says that it has done what was asked. When its response then cannot be
---   read, the operation has an error of kind "decode" all the same
---@field kind, phase, outcome, message, code of a retry and of done: what went wrong, as in an error
---@field status HTTP status of the last response
---@field operation_id ngrok's, of the last response
---@field timings seconds that the last attempt took: `resolve`, `connect`, `tls`, `first_byte`, `receive`,
---   `total`; by the curl transport only

---@param core userdata the core's client
---@param on_event function
---@param on_failure function called with what `on_event` raises
---@return table
function trace.new(core, on_event, on_failure)
  core:trace()
  return setmetatable({
    core = core, on_event = on_event, on_failure = on_failure,
    operations = {}, -- by request, until it is done
    hook = nil, -- the coroutine that the hook was called in last
  }, trace)
end

--- Names a request's operation. To be called before `tell`.
---@param id number
---@param operation string
function trace:name(id, operation)
  self.operations[id] = operation
end

-- Adds what the operation's error would say now.
local function explain(self, event)
  local err = error_object.from_report(self.core, event.operation, event)
  event.message, event.code, event.operation_id = display.line(err.message), err.code, err.operation_id
end

local function complete(self, event)
  local is_done, has_failed = event.name == "done", event.kind ~= nil
  event.operation = self.operations[event.request]
  if is_done then
    self.operations[event.request] = nil
    event.ok = not has_failed
  end
  if has_failed then
    explain(self, event)
  elseif event.operation_id then
    event.operation_id = self.core:shown_id(event.operation_id)
  end
  event.body, event.content_type = nil, nil
  return event
end

-- Where a host begins the hook later, its coroutine is not noted: nginx may use it again for something else.
local function call_hook(self, spawn, event)
  local outer, inside = coroutine.running(), true
  local ran, fine, err = pcall(spawn, function()
    local thread = coroutine.running()
    self.hook = inside and thread ~= outer and thread or nil
    -- Caught in here: the host may come to it later, when nobody is left to catch it.
    local went_well, problem = pcall(self.on_event, event)
    if not went_well then
      pcall(self.on_failure, problem)
    end
  end)
  inside = false
  if not (ran and fine) then
    pcall(self.on_failure, ran and err or fine)
  end
end

-- The coroutine's status says so: a variable would stay set when memory runs out.
local function is_hook_running(self)
  local status = self.hook and coroutine.status(self.hook)
  return status == "running" or status == "normal"
end

--- Calls the hook with what has happened since it was called last. What the hook itself causes is left for
--- whoever called it, so that hooks do not pile up on each other.
---@param spawn function the loop's, so that a hook that yields holds nobody
function trace:tell(spawn)
  local event = not is_hook_running(self) and self.core:next_event()
  while event do
    call_hook(self, spawn, complete(self, event))
    event = self.core:next_event()
  end
end

return trace
