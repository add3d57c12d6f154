--- Requests whose callers may vanish at any yield without a trace, as nginx's light threads do. Such a
-- request is sent, or sent again, only while its caller says that it is here. Only the caller keeps it alive;
-- as garbage it is cancelled. See src/engine/attendance.h.
local begin_waiting = require("ngrok.client").begin_waiting
local subscribe = require("ngrok.request").subscribe

local attendance = {}

-- Where no caller comes, those behind have probably left, too. So twice as many are called each time: called
-- one by one, a thousand callers who have left would delay all others for ten seconds. Requests begin in the
-- queue's order even so.
local most_calls = 64
local calls = setmetatable({}, { __mode = "k" }) -- by client: how many the next time

--- Registers a function that a step calls when the request is done, or could begin if its caller were here.
---@param request table
---@param wake function which must not hold the request
function attendance.join(request, wake)
  local waiters = request.waiters or {}
  waiters[#waiters + 1] = wake
  request.waiters = waiters
  subscribe(request)
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

local function call(client)
  local id = client.core:call_next()
  local request = id and client.requests[id]
  for _, wake in ipairs(request and request.waiters or {}) do
    wake()
  end
  return id
end

--- Calls the callers whose requests could begin if they were here.
---@param client table
function attendance.call_next(client)
  local most, count = calls[client] or 1, 0
  while count < most and call(client) do
    count = count + 1
  end
  calls[client] = count == most and math.min(2 * most, most_calls) or 1
end

--- Begins the request if it can begin now. A caller does this each time that it wakes.
---@param client table
---@param request table that `join` was called for
---@return boolean fine false and an error where memory ran out
---@return any
function attendance.attend(client, request)
  local core = request.core
  if client.kept[request.id] or not core:attend() then
    return true -- it needs no caller, or cannot begin now
  end
  calls[client] = 1 -- a caller has come
  -- Not a step, which would end other requests and wake their callers, all in one turn of the host.
  local fine, err = pcall(begin_waiting, client)
  core:leave()
  attendance.call_next(client)
  return fine, err
end

--- How many requests have never been attended. Their callers do not step the client.
---@param client table
---@return integer
function attendance.unattended(client)
  return client.core:unattended() + client.completions:count()
end

return attendance
