--- A request under way: what `wait = false` and `on_done` return.
local error_object = require "ngrok.error"
local proxy = require "ngrok.proxy"
local suspension = require "ngrok.loop.suspension"

local request = {}

--- What the operations return as their second value when they succeed.
---@class ngrok.Response
---@field status integer HTTP status
---@field operation_id? string what ngrok's support asks for; nil where the response had none
---@field attempts integer how often the request was sent
---@field seconds number from the call until the response was complete
---@field created? boolean of find_or_create: whether it has created what it returns

---@class ngrok.Request
local Request = {}
Request.__index = Request
Request.__name = "ngrok.request"

--- Whether the result is known.
---@return boolean
function Request:done()
  return self.settled or self.core:done()
end

--- Lets a step put a request into the client's queue when it is done.
---@param self table
---@return boolean # false where an earlier step has seen that it is done
function request.subscribe(self)
  if self.settled then
    return false
  end
  self.client.requests[self.id] = self
  return self.core:subscribe()
end

local function cancel(self)
  local cancelled = not self.settled and self.core:cancel()
  if cancelled then
    if self.client.attempts then
      self.client.attempts.drop_abandoned(self.client)
    end
    self.client.loop.watch(self.client) -- there is something to deliver, and no descriptor, perhaps
  end
  return cancelled
end

-- Coroutines may share a listing, and so the request for its next page.
local function is_awaited_elsewhere(self)
  for _, sleeper in pairs(self.sleepers or {}) do
    if coroutine.status(sleeper) == "suspended" and sleeper ~= coroutine.running() then
      return true
    end
  end
  return false
end

-- The caller that waited for it has left, or the variable that held it was closed. Mostly it is done.
local function leave(self)
  if not self:done() and (self.is_handed_out or not is_awaited_elsewhere(self)) then
    cancel(self)
  end
end

local function enter()
  return true
end

-- For a `for` whose fourth value Lua 5.4 closes when the body is left. A function returns the four values,
-- because Lua 5.2 compiles a `for` over four expressions into wrong code.
local function closing(left)
  return enter, nil, nil, left
end

-- PUC Lua 5.1 cannot wait inside pcall.
local function protected(fn, ...)
  fn(...)
  return true
end

if _VERSION ~= "Lua 5.1" or rawget(_G, "jit") then
  protected = pcall
end

-- What became of the request, to be added to the error that ended its caller.
local function fate(self)
  if not self:done() then
    return "" -- others wait for it
  end
  local _, err = request.settle(self)
  return err and err.outcome == "not_sent" and " (the request was cancelled, and nothing was sent)"
    or " (the request was cancelled, but it may have been carried out)"
end

-- Waits, and settles. The caller may leave by an error or by coroutine.close. Then the request is cancelled,
-- unless the program holds it.
local function wait(self, loop)
  local left = not self.is_handed_out and self or nil
  for _ in closing(left) do -- luacheck: ignore 512 (it runs once)
    local fine, err = protected(loop.wait, self.client, self)
    if not fine then
      if left then
        leave(self)
        err = suspension.was_generator(err) and err .. fate(self) or err
      end
      error(err, 0)
    end
    return request.settle(self)
  end
end

-- Of one that has just begun. Only a hook or a transport can have stepped the client since.
local function is_over(self)
  local client = self.client
  return self.settled or (client.trace or client.attempts) and self:done()
end

--- Waits for the result of a request that has just begun, where the caller is known to be able to wait.
---@param self table
---@param loop table the one that the caller is in
---@return any
function request.wait(self, loop)
  if is_over(self) then
    return request.settle(self)
  end
  return wait(self, loop)
end

--- Waits for the result.
---@return any # what the operation returns; nil where the call cannot wait, and the request goes on
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Request:result()
  if not self:done() then
    local err = self.client:cannot_wait(self.operation)
    if err then
      return nil, err
    end
    return wait(self, self.client.loop)
  end
  return request.settle(self)
end

--- Calls a function once, from the step that sees this request's end. For loop adapters, whose
--- `wait` puts a coroutine to sleep: see docs/loops.md. A request that is done already calls nothing.
---@param resume fun()
function Request:notify(resume)
  if self:done() then
    return
  end
  local waiters, sleepers = self.waiters or {}, self.sleepers or {}
  local index = #waiters + 1
  waiters[index], sleepers[index] = resume, coroutine.running()
  self.waiters, self.sleepers = waiters, sleepers
  self.client.kept[self.id] = self
  request.subscribe(self)
end

--- Gives up. The result is then an error of kind "cancelled", whose `outcome` says whether the
--- server may have acted.
---@return boolean # false when it was done already
function Request:cancel()
  return cancel(self)
end

Request.__close = leave

function Request:__tostring()
  return ("ngrok.request: %s (%s)"):format(self.operation, self:done() and "done" or "under way")
end

--- Takes the outcome over. Later calls return the same values.
---@param self table which is done
---@return any # what the operation returns
---@return (ngrok.Response|ngrok.Error)?
function request.settle(self)
  if not self.settled then
    -- A callback, or a coroutine that sleeps, gets it from a step; otherwise this call delivers it.
    local is_last = not (self.on_done or self.waiters)
    if is_last then
      self.client.kept[self.id] = nil
    end
    self.core:take(self, self.reader, self.into, is_last)
  end
  if self.report then
    self.err = error_object.from_report(self.client.core, self.operation, self.report,
      self.secrets)
    self.report = nil
  elseif self.response and self.secrets then -- the core knows the key, but not what this request has sent
    self.response.operation_id = error_object.shown_id(self.client.core, self.response.operation_id,
      self.secrets)
  end
  self.secrets = nil
  return self.value, self.err or self.response
end

proxy.define(Request, { noun = "request" })

---@param client table
---@param operation string
---@param what table `reader`, `into` and `origin`, see handle.c's `take`
---@param on_done? function
---@return table # `core`, the core's handle, and its `id` are for the caller to set
function request.new(client, operation, what, on_done)
  return setmetatable({
    client = client, operation = operation, reader = what.reader, into = what.into, origin = what.origin,
    secrets = what.secrets, on_done = on_done,
    on_end = nil, -- what the step calls that sees its end, if nobody has taken its outcome over before
    core = false, id = false,
    calls_back = false, -- waiting for it calls callbacks of others, even inside one
    settled = false, -- `value` and `response`, or `err`, are known
  }, Request)
end

--- One whose result is an error from the start.
---@param client table
---@param operation string
---@param err ngrok.Error
---@param on_done? function
---@return table
function request.refused(client, operation, err, on_done)
  return setmetatable({
    client = client, operation = operation, err = err, on_done = on_done, settled = true,
  }, Request)
end

return request
