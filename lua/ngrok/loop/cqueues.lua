--- The loop of cqueues. The client is an object that cqueues can poll; one coroutine in each controller
-- steps it, and whoever waits sleeps on a condition.
local block = require "ngrok.loop.block"
local condition = require "cqueues.condition"
local cqueues = require "cqueues"
local suspension = require "ngrok.loop.suspension"

local loop = {}

local function step_until_idle(client, watch, controller)
  client:advance(0)
  while client:pending() > 0 do
    if client:timeout() == 0 then
      cqueues.poll(0) -- the others first
    else
      cqueues.poll(client, watch.work)
    end
    client:advance(0)
  end
  watch.controllers[controller] = nil
end

local function watch_of(client)
  local watch = client.watching[loop]
  if not watch then
    watch = {
      controllers = setmetatable({}, { __mode = "k" }), -- that have somebody who steps it
      work = condition.new(), -- signalled where no descriptor tells
      has_descriptor = client:pollfd() ~= nil,
    }
    client.watching[loop] = watch
  end
  return watch
end

--- Work has appeared. Outside any controller it is the program that polls and steps the client.
-- @tparam table client
function loop.watch(client)
  local controller, watch = cqueues.running(), watch_of(client)
  if not watch.has_descriptor then
    watch.work:signal()
  end
  if controller and not watch.controllers[controller] then
    watch.controllers[controller] = true
    controller:wrap(step_until_idle, client, watch, controller)
  end
end

--- Returns once the request is done.
-- @tparam table client
-- @tparam table request
function loop.wait(client, request)
  if not cqueues.running() then
    return block.wait(client, request) -- nothing else runs that could be stalled
  end
  loop.watch(client)
  local completed = condition.new()
  request:notify(function()
    completed:signal()
  end)
  while not request:done() do
    completed:wait()
  end
end

-- By controller: functions that have a coroutine, which has not begun yet.
local spawned = setmetatable({}, { __mode = "k" })

-- cqueues begins the coroutine that came last first; events and callbacks are to keep their order.
local function run_oldest(queue)
  local fn = queue[queue.first]
  queue[queue.first], queue.first = nil, queue.first + 1
  fn()
end

--- Runs a function in a coroutine of the controller's.
-- @tparam function fn
-- @treturn boolean whether it went well so far
-- @treturn any its error
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
  queue.last = queue.last + 1
  queue[queue.last] = fn
  controller:wrap(run_oldest, queue)
  return true
end

--- Why nobody can wait here, if so.
-- @treturn ?string
function loop.refusal()
  local controller, is_own = cqueues.running()
  if controller and not is_own then
    return "waiting in a coroutine that cqueues does not run would stop all the others: call it in one "
      .. "made by cqueues' wrap, or pass on_done, or wait = false"
  end
  return controller and suspension.refusal(nil, function() cqueues.poll(0) end) or nil
end

--- The client's descriptor is about to be closed.
-- @tparam table client
function loop.release(client)
  local descriptor = client:pollfd()
  if descriptor then
    cqueues.cancel(descriptor)
  end
end

return loop
