--- nginx's timers run jobs: functions of the program or of a transport, which may sleep, raise an error, or
-- end their timer by `ngx.exit`. A timer runs one job after the other and holds nothing that others rely
-- on.
--
-- While `lua_max_running_timers` run, nginx drops a due timer, although `ngx.timer.at` returned true. So a
-- job stays in the queue until a timer takes it, and a timer that does not fire is requested again.
--
-- A timer inherits the configuration of the location that requests it. So each configuration has its own
-- queue, and a request goes only to servers that its location trusts.
local configuration = require "ngrok.loop.nginx_configuration"

local timers = {}

-- Seconds after which a timer that has not fired is requested again; doubled each time, up to the longest.
local shortest_patience, longest_patience = 0.1, 1

-- Seconds that a job with `on_not_started` waits for a timer.
local longest_wait = 1

local not_started = ("nginx started no timer within %g s: all are in use; raise "
  .. "lua_max_running_timers or lua_max_pending_timers"):format(longest_wait)

local queues = {} -- by configuration
local has_complained = false

local function queue_here()
  local name = configuration.current() or "unknown"
  local queue = queues[name]
  if not queue then
    -- `asked` is the timer that was requested last and has not fired
    queue = { first = 1, last = 0, asked = nil, patience = shortest_patience, is_watched = false }
    queues[name] = queue
  end
  return queue
end

-- Jobs that were given up stay in the queue and are skipped.
local function oldest(queue)
  while queue.first <= queue.last do
    local job = queue[queue.first]
    if job.fn then
      return job
    end
    queue[queue.first], queue.first = nil, queue.first + 1
  end
end

local function take(queue)
  local job = oldest(queue)
  if job then
    queue[queue.first], queue.first = nil, queue.first + 1
  end
  return job
end

local ask

-- Before a job runs, another timer is requested for the rest, as the job may end this one.
local function run(_, queue, timer)
  if queue.asked == timer then
    queue.asked = nil
  end
  queue.patience = shortest_patience
  local job = take(queue)
  while job do
    if oldest(queue) then
      ask(queue)
    end
    local fine, err = pcall(job.fn)
    if not fine then
      ngx.log(ngx.ERR, "ngrok: a timer failed: ", tostring(err))
    end
    job = take(queue)
  end
end

local function complain(problem)
  if not has_complained then
    has_complained = true
    ngx.log(ngx.ERR, "ngrok: nginx could not start a timer (see lua_max_pending_timers): ", problem)
  end
end

-- To be called under the queue's configuration, which the timer inherits.
function ask(queue)
  local now = ngx.now()
  if queue.asked and now - queue.asked.at < queue.patience then
    return
  elseif queue.asked then
    queue.patience = math.min(2 * queue.patience, longest_patience)
  end
  -- nginx arms this timer again even when it drops one firing.
  queue.is_watched = queue.is_watched or ngx.timer.every(longest_patience, run, queue) and true or false
  local timer = { at = now }
  local fine, problem = ngx.timer.at(0, run, queue, timer)
  if fine then
    queue.asked = timer
  else
    complain(problem)
  end
end

local function give_up_late_ones(queue, now)
  for index = queue.first, queue.last do
    local job = queue[index]
    if now - job.since < longest_wait then
      return
    elseif job.fn and job.on_not_started then
      job.fn = nil
      job.on_not_started(not_started)
    end
  end
end

--- Queues a job for a timer of the current location. Jobs begin in order. One that sleeps does not delay
--- others.
---@param fn function
---@param on_not_started? fun(why: string) called instead of the job if no timer takes it in time
function timers.add(fn, on_not_started)
  local queue = queue_here()
  local last = queue.last + 1
  queue[last] = { fn = fn, on_not_started = on_not_started, since = ngx.now() }
  queue.last = last
  ask(queue)
end

--- Requests timers again for jobs that no timer has taken, and gives up late ones. For callers that run
--- anyway.
function timers.tend()
  local has_jobs = false
  for _, queue in pairs(queues) do
    if oldest(queue) then
      has_jobs = true
      give_up_late_ones(queue, ngx.now())
    end
  end
  local queue = has_jobs and queue_here()
  if queue and oldest(queue) then
    ask(queue)
  end
end

--- Whether jobs wait for timers that do not fire.
---@return boolean
function timers.are_short()
  for _, queue in pairs(queues) do
    local job = oldest(queue)
    if job and ngx.now() - job.since > shortest_patience then
      return true
    end
  end
  return false
end

return timers
