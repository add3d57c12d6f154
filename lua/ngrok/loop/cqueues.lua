--- The loop of cqueues. The client is an object that cqueues can poll. One coroutine in each controller
-- steps it, and callers sleep on conditions.
local attendance = require "ngrok.loop.attendance"
local block = require "ngrok.loop.block"
local condition = require "cqueues.condition"
local cqueues = require "cqueues"
local suspension = require "ngrok.loop.suspension"

local loop = {}

-- Seconds after which a sleeper checks that the client is still stepped: an error may have ended the
-- coroutine that does it.
local longest_sleep = 1

-- Raises only where memory ran out; the next step tries again.
local function advance(client)
  local fine, err = pcall(client.advance, client, 0)
  if not fine then
    pcall(client.report, client, err)
    client:wake()
  end
end

local function step_until_idle(client, watch)
  advance(client)
  while client:pending() > 0 do
    if client:timeout() == 0 then
      cqueues.poll(0) -- the others first
    else
      cqueues.poll(client, watch.work)
    end
    advance(client)
  end
  watch.steppers[cqueues.running()] = nil
end

local function watch_of(client)
  local watch = client.watching[loop]
  if not watch then
    watch = {
      steppers = setmetatable({}, { __mode = "kv" }), -- by controller: the coroutine that steps the client
      waiting = setmetatable({}, { __mode = "kv" }), -- by request: the controller of its caller
      work = condition.new(), -- signalled where there is no descriptor
      has_descriptor = client:pollfd() ~= nil,
    }
    client.watching[loop] = watch
  end
  return watch
end

local function is_stepped(watch, controller)
  local stepper = watch.steppers[controller]
  return stepper and coroutine.status(stepper) ~= "dead"
end

--- New work has come, or the last has ended. Outside any controller the program polls and steps the client.
---@param client table
function loop.watch(client)
  local controller, watch = cqueues.running(), watch_of(client)
  if not watch.has_descriptor or client:pending() == 0 then
    watch.work:signal()
  end
  if controller and not is_stepped(watch, controller) then
    local stepper = coroutine.create(function() step_until_idle(client, watch) end)
    controller:attach(stepper)
    watch.steppers[controller] = stepper
  end
end

-- Collected first, because a cancel may begin others.
local function cancel_all_of(controller, watch)
  local requests = {}
  for request, at in pairs(watch.waiting) do
    requests[#requests + 1] = at == controller and request or nil
  end
  for _, request in ipairs(requests) do
    request:cancel()
  end
end

--- Cancels the requests of coroutines whose controller was closed.
---@param client table
function loop.sweep(client)
  local watch = client.watching[loop]
  for controller in pairs(watch.steppers) do
    if cqueues.type(controller) == "closed controller" then
      watch.steppers[controller] = nil
      cancel_all_of(controller, watch)
      return loop.sweep(client)
    end
  end
end

--- Returns once the request is done. Only its caller keeps the request: both are garbage once the controller
--- is.
---@param client table
---@param request table
function loop.wait(client, request)
  local controller = cqueues.running()
  if not controller then
    return block.wait(client, request) -- no other coroutine runs that could be stalled
  end
  local completed = condition.new()
  local function wake()
    completed:signal()
  end
  attendance.join(request, wake)
  watch_of(client).waiting[request] = not request.is_handed_out and controller or nil
  while not request:done() do
    loop.watch(client)
    completed:wait(longest_sleep)
  end
  attendance.leave(request, wake)
end

-- By controller: functions that have a coroutine, which has not begun yet.
local spawned = setmetatable({}, { __mode = "k" })

-- cqueues begins the newest coroutine first, but events and callbacks must keep their order.
local function run_oldest(queue)
  local index = queue.first
  local fn = queue[index]
  if index <= queue.last then
    queue.first = index + 1
    queue[index] = nil
  end
  if fn then
    fn()
  end
end

--- Runs a function in a coroutine of the controller's.
---@param fn function
---@return boolean # whether it went well so far
---@return any err
function loop.spawn(fn)
  local controller = cqueues.running()
  if not controller then
    return block.spawn(fn)
  end
  local queue = spawned[controller]
  if not queue then
    queue = { first = 1, last = 0 }
    spawned[controller] = queue
  end
  -- The coroutine first, as memory may run out in between: a coroutine without a function does no harm.
  controller:wrap(run_oldest, queue)
  local last = queue.last + 1
  queue[last] = fn
  queue.last = last
  return true
end

--- Why a call cannot wait here, if so.
---@return string?
function loop.refusal()
  local controller, is_own = cqueues.running()
  if controller and not is_own then
    return "waiting in a coroutine that cqueues does not run would stop all the others: call it in one "
      .. "made by cqueues' wrap, or pass on_done, or wait = false"
  end
  return controller and suspension.refusal(nil, function() cqueues.poll(0) end) or nil
end

--- The client's descriptor is about to be closed.
---@param client table
function loop.release(client)
  local descriptor, watch = client:pollfd(), client.watching[loop]
  if descriptor then
    cqueues.cancel(descriptor)
  end
  if watch then
    watch.work:signal()
  end
end

return loop
