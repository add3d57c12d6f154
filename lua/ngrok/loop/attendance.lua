--- Requests whose callers may vanish at any yield without a trace, as nginx's light threads do. Such a
-- request begins, also when it is tried again, only while its caller says that it is here: what is sent is
-- sent for somebody. Nothing keeps it alive but its caller, and as garbage it is cancelled. See
-- src/attendance.h.
local begin_waiting = require("ngrok.client").begin_waiting

local attendance = {}

--- Has a function called, from a step, when the request is done or could begin if its caller came by.
---@param request table
---@param wake function which must not hold the request
function attendance.join(request, wake)
  local waiters = request.waiters or {}
  waiters[#waiters + 1] = wake
  request.waiters = waiters
  request.client.awaited[request.core:id()] = request
end

---@param request table
---@param wake function as given to `join`
function attendance.leave(request, wake)
  local others = {}
  for _, waiter in ipairs(request.waiters or {}) do
    if waiter ~= wake then
      others[#others + 1] = waiter
    end
  end
  request.waiters = others[1] and others or nil
end

--- Calls the caller whose request could begin if it were here.
---@param client table
function attendance.call_next(client)
  local id = client.core:call_next()
  local request = id and client.awaited[id]
  for _, wake in ipairs(request and request.waiters or {}) do
    wake()
  end
end

--- To be called by a caller each time that it wakes, which is in the same turn in which it was called.
---@param client table
---@param request table that `join` was called for
---@return boolean whether all went well; false and an error where memory ran out
---@return any
function attendance.attend(client, request)
  local core = request.core
  if client.registered[core:id()] or not core:attend() then
    return true -- it goes on without anybody, or has nothing to begin
  end
  -- No more than that: a step would end other requests, and so on within one turn of the host's.
  local fine, err = pcall(begin_waiting, client)
  core:leave()
  attendance.call_next(client)
  return fine, err
end

--- How many requests have never been attended: somebody else is to step the client for them.
---@param client table
---@return integer
function attendance.unattended(client)
  return client.core:unattended() + client.delivery:count()
end

return attendance
