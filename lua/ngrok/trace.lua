--- The trace hook: calls `on_event` with what the engine has recorded of requests.
local display = require "ngrok.display"
local error_object = require "ngrok.error"

local trace = {}
trace.__index = trace

--- Seconds that the last attempt spent; 0 where it had no part in it.
---@class ngrok.Timings
---@field resolve number
---@field connect number
---@field tls number
---@field first_byte number from when the request went out until the response began
---@field receive number
---@field total number

--- What `on_event` is called with. An event of "retry" or "done" that failed has the fields of an error.
---@class ngrok.Event
---@field name "submitted"|"waiting"|"attempt"|"retry"|"done"|"fallback"
---@field operation string "credentials.create" and the like
---@field request integer counted by the client
---@field attempt? integer how many attempts have begun; not of "fallback"
---@field why? "max_in_flight"|"rate_limit"|"pause"|"backoff" what the request waits for
---@field seconds? number how long it will wait; of "attempt" how long it has waited; of "done" the whole call
---@field ok? boolean of "done": whether the API says that it has done what was asked
---@field kind? ngrok.Kind
---@field phase? ngrok.Phase
---@field outcome? ngrok.Outcome
---@field code? string
---@field message? string
---@field status? integer HTTP status of the last response
---@field operation_id? string of the last response
---@field timings? ngrok.Timings with the curl transport only

---@param core userdata the core's client
---@param on_event fun(event: ngrok.Event)
---@param on_failure fun(err: any) gets what `on_event` raises
---@return table
function trace.new(core, on_event, on_failure)
  core:trace()
  return setmetatable({
    core = core, on_event = on_event, on_failure = on_failure,
    operations = {}, secrets = {}, -- by request, until it is done
    added = {}, -- events that the core knows nothing of
    hook = nil, -- the coroutine of the hook's last call
  }, trace)
end

--- Names a request's operation. It comes before `tell`.
---@param id integer
---@param operation string
---@param secrets? string[] that it sends
function trace:name(id, operation, secrets)
  self.operations[id], self.secrets[id] = operation, secrets
end

-- Adds what the operation's error would say.
local function explain(self, event)
  local err = error_object.from_report(self.core, event.operation, event, self.secrets[event.request])
  event.message, event.code, event.operation_id = display.line(err.message), err.code, err.operation_id
end

local function complete(self, event)
  local is_done, has_failed = event.name == "done", event.kind ~= nil
  event.operation = self.operations[event.request]
  if has_failed then
    explain(self, event)
  elseif event.operation_id then
    event.operation_id = error_object.shown_id(self.core, event.operation_id, self.secrets[event.request])
  end
  if is_done then
    self.operations[event.request], self.secrets[event.request] = nil, nil
    event.ok = not has_failed
  end
  event.body, event.content_type = nil, nil
  return event
end

-- A host may begin the hook later. Its coroutine is not noted then, because nginx may use it again.
local function call_hook(self, spawn, event)
  local outer, inside = coroutine.running(), true
  local ran, fine, err = pcall(spawn, function()
    local thread = coroutine.running()
    self.hook = inside and thread ~= outer and thread or nil
    -- Caught here, because the host may run this after `pcall` has returned.
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

-- By the coroutine's status: a variable would stay set if memory ran out.
local function is_hook_running(self)
  local status = self.hook and coroutine.status(self.hook)
  return status == "running" or status == "normal"
end

--- Adds an event for `tell` which is complete.
---@param event ngrok.Event
function trace:add(event)
  table.insert(self.added, event)
end

local function next_event(self)
  local event = self.core:next_event()
  return event and complete(self, event) or table.remove(self.added, 1)
end

--- Calls the hook with each event since its last call. Inside the hook this does nothing: the outer call
--- goes on with the events that the hook causes, so that calls do not nest.
---@param spawn function the loop's, so that a hook may yield
function trace:tell(spawn)
  local event = not is_hook_running(self) and next_event(self)
  while event do
    call_hook(self, spawn, event)
    event = next_event(self)
  end
end

return trace
