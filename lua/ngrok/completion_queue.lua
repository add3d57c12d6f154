--- A queue of requests that are done. It calls their callbacks, and resumes the coroutines that wait for
-- them, first in, first out.
--
-- An error may come at any instruction: memory runs out, or a debug hook raises. So a request is noted as
-- unfinished before it leaves the queue, and the next step finishes it. Whether a callback is running is read
-- from the status of its coroutine, because an error could leave a variable set.
local settle = require("ngrok.request").settle

local completion_queue = {}
completion_queue.__index = completion_queue

---@param loop table the client's
---@param hold function called with an error that a callback or a resumed coroutine raises
---@param on_called function called after a callback that the host had put off: no step may follow it
---@return table
function completion_queue.new(loop, hold, on_called)
  return setmetatable({
    loop = loop, hold = hold, on_called = on_called,
    uncalled = {}, -- set of requests whose callbacks the host has and has not begun
    first = 1, last = 0, -- of the queue
    unfinished = {}, -- set of requests that have left the queue and are not fully delivered
    entered = nil, -- the coroutine that was entered last, and `below` it the one before
  }, completion_queue)
end

--- Adds a request, or a table that looks like one.
---@param request table
function completion_queue:enqueue(request)
  local last = self.last + 1
  self[last] = request -- first: the table may have to grow, and there may be no memory for that
  self.last = last
end

--- The number of requests in the queue.
---@return integer
function completion_queue:count()
  return self.last - self.first + 1
end

--- The number of requests in the queue, and of those whose callbacks the host has not begun.
---@return integer
function completion_queue:undelivered()
  local count = self:count()
  for _ in next, self.uncalled do
    count = count + 1
  end
  return count
end

local is_active = { running = true, normal = true }

--- Whether a callback, or a coroutine that this queue resumed, is running now.
---@return boolean
function completion_queue:is_inside()
  local entry = self.entered
  while entry and not is_active[coroutine.status(entry.thread)] do
    entry = entry.below
  end
  self.entered = entry
  return entry ~= nil
end

--- Whether a step has something to deliver.
---@return boolean
function completion_queue:is_due()
  return self.first <= self.last or next(self.unfinished) ~= nil and not self:is_inside()
end

local function enter(self, thread)
  if thread then
    self.entered = { thread = thread, below = self.entered }
  end
end

-- Raises only where memory ran out before the callback was called.
local function call_back(self, request)
  local outer, is_delivering = coroutine.running(), true
  self.uncalled[request] = true
  local ran, fine, err = pcall(self.loop.spawn, function()
    local thread, on_done, was_put_off = coroutine.running(), request.on_done, not is_delivering
    if not was_put_off and thread ~= outer then
      enter(self, thread)
    end
    request.on_done, self.uncalled[request] = nil, nil
    -- Caught here, because it may come after the callback has waited, when no caller is left to catch it.
    local went_well, problem = pcall(on_done, request.value, request.err, request.response)
    if not went_well then
      self.hold(problem)
    end
    if was_put_off then
      self.on_called()
    end
  end)
  is_delivering = false
  if not ran then
    fine, err = false, fine
  end
  if not fine and request.on_done then
    error(err, 0)
  elseif not fine then
    self.hold(err)
  end
end

-- Resumes the coroutines that an adapter has put to sleep.
local function resume_waiters(self, request)
  local waiters, sleepers = request.waiters or {}, request.sleepers or {}
  for index = (request.resumed or 0) + 1, #waiters do
    enter(self, sleepers[index])
    local fine, err = pcall(waiters[index])
    request.resumed = index
    if not fine then
      self.hold(err)
    end
  end
  request.waiters, request.sleepers = nil, nil
end

local function call_on_end(self, request)
  local on_end = request.on_end
  if on_end then
    request.on_end = nil
    local fine, err = pcall(on_end, request)
    if not fine then
      self.hold(err)
    end
  end
end

local function finish(self, request)
  settle(request) -- while the client can still take its key out of an error
  if request.on_done then
    call_back(self, request)
  end
  resume_waiters(self, request)
  call_on_end(self, request)
  self.unfinished[request] = nil
end

local function take_first(self)
  local index = self.first
  local request = self[index]
  if request then -- not where an error came between these lines
    self.unfinished[request] = true
  end
  self[index] = nil
  self.first = index + 1
  return request
end

local function finish_all(self)
  local request = next(self.unfinished)
  while request do
    finish(self, request)
    request = next(self.unfinished)
  end
end

--- Delivers up to `most` requests. A callback may call it by stepping the client. Requests that callbacks add
--- wait for the next call, because a chain of refused calls would never end.
---@param most number
---@return integer # how many were delivered
--- Raises: when Lua runs out of memory; the next call continues
function completion_queue:deliver(most)
  local count = 0
  if not self:is_inside() then
    finish_all(self)
  end
  local last = math.min(self.last, self.first + most - 1)
  while self.first <= last do
    local request = take_first(self)
    if request then
      finish(self, request)
    end
    count = count + 1
  end
  self:is_inside() -- drops the coroutines that have ended
  return count
end

return completion_queue
