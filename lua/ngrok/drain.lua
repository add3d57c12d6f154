--- What `client:drain` waits for: a request of its own kind. It is done when no other is under way, or when
-- its time is up. So each loop waits for it as for any request.
local core = require "ngrok.core"
local error_object = require "ngrok.error"
local request = require "ngrok.request"

local drain = {}

-- In the place of the core's handle; see handle.c.
local Handle = {}
Handle.__index = Handle

-- What ended it is kept, because a callback may begin another request before the coroutine wakes.
function Handle:done()
  if not self.is_over then
    self.left = self.client:pending()
    self.is_over = self.left == 0 or core.now() >= self.deadline
  end
  return self.is_over
end

-- A step knows it from `drains`.
function Handle:subscribe() -- luacheck: ignore self
  return true
end

-- Nothing has to be sent, so no caller is called for that; see attendance.h.
function Handle:attend() -- luacheck: ignore self
  return false
end

function Handle:cancel()
  local is_cancelled = not self.is_over
  self.is_over, self.left = true, self.client:pending()
  self.client.drains[self.request] = nil
  return is_cancelled
end

local function still_pending(self)
  return error_object.new {
    kind = "timeout", phase = "wait", outcome = "unknown", operation = "client:drain", attempts = 0,
    message = ("%d %s still pending after timeout (%s s)"):format(self.left,
      self.left == 1 and "request is" or "requests are", core.json(self.timeout)),
  }
end

function Handle:take(taker)
  self.client.drains[taker] = nil
  taker.settled = true
  if self.left == 0 then
    taker.value = true
  else
    taker.err = still_pending(self)
  end
end

--- Begins to wait.
---@param client table
---@param timeout number seconds
---@return table request
function drain.new(client, timeout)
  local made = request.new(client, "client:drain", {})
  local handle = setmetatable({
    client = client, request = made, timeout = timeout, deadline = core.now() + timeout, is_over = false,
  }, Handle)
  made.core, made.id, made.calls_back = handle, handle, true
  client.drains[made] = true
  client.core:wake(timeout)
  return made
end

-- Coroutines are resumed by a step. The other waiters only wake their callers, who may have come already.
local function finish(client, made)
  client.drains[made], client.kept[made.id] = nil, nil
  if made.sleepers then
    client.completions:enqueue(made)
    client.core:wake()
    return
  end
  for _, wake in ipairs(made.waiters) do
    wake()
  end
end

--- Ends those that are over, and arranges for a step at the end of the others' time.
---@param client table
function drain.end_all(client)
  for made in pairs(client.drains) do
    if not made:done() then
      client.core:wake(math.max(made.core.deadline - core.now(), 0))
    elseif made.waiters then
      finish(client, made)
    end
  end
end

return drain
