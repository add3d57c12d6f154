--- Timers of nginx that run jobs: whatever of the program's or of a transport's may sleep, raise, or end its
-- timer by `ngx.exit`. A timer takes one job after the other and holds nothing that others rely on.
--
-- nginx drops a due timer, although `ngx.timer.at` returned true, while `lua_max_running_timers` run. So a
-- job stays in the queue until a timer that runs takes it, and timers that do not come are asked for again.
local runners = {}

-- Seconds after which a timer that was asked for has not come; twice as many each time, up to the longest.
local shortest_patience, longest_patience = 0.1, 1

-- Seconds that a job waits for a timer where it is of no use later.
local longest_wait = 1

local not_started = ("nginx has started no timer within %g s: all of them are in use "
  .. "(lua_max_running_timers, or lua_max_pending_timers)"):format(longest_wait)

local jobs = { first = 1, last = 0 }
local asked -- the timer that was asked for and has not come
local patience = shortest_patience
local is_watched, has_complained = false, false

-- Jobs that were given up stay in the queue and are passed over.
local function oldest()
  while jobs.first <= jobs.last do
    local job = jobs[jobs.first]
    if job.fn then
      return job
    end
    jobs[jobs.first], jobs.first = nil, jobs.first + 1
  end
end

local function take()
  local job = oldest()
  if job then
    jobs[jobs.first], jobs.first = nil, jobs.first + 1
  end
  return job
end

local ask

-- Another timer stands by before a job runs: this one may not come back from it.
local function run_all()
  local job = take()
  while job do
    if oldest() then
      ask()
    end
    local fine, err = pcall(job.fn)
    if not fine then
      ngx.log(ngx.ERR, "ngrok: a timer's job has failed: ", tostring(err))
    end
    job = take()
  end
end

local function run_timer(_, timer)
  if asked == timer then
    asked = nil
  end
  patience = shortest_patience
  run_all()
end

-- nginx arms it again also when it drops one firing.
local function watch()
  is_watched = is_watched or ngx.timer.every(longest_patience, run_all) and true or false
end

local function complain(problem)
  if not has_complained then
    has_complained = true
    ngx.log(ngx.ERR, "ngrok: nginx gives no timer (see lua_max_pending_timers): ", problem)
  end
end

function ask()
  local now = ngx.now()
  if asked and now - asked.at < patience then
    return
  elseif asked then
    patience = math.min(2 * patience, longest_patience)
  end
  watch()
  local timer = { at = now }
  local fine, problem = ngx.timer.at(0, run_timer, timer)
  if fine then
    asked = timer
  else
    complain(problem)
  end
end

local function give_up_late_ones(now)
  for index = jobs.first, jobs.last do
    local job = jobs[index]
    if now - job.since < longest_wait then
      return
    elseif job.fn and job.on_not_started then
      job.fn = nil
      job.on_not_started(not_started)
    end
  end
end

--- Puts a job into the queue. Jobs begin in order, and one that sleeps does not hold up the others.
---@param fn function
---@param on_not_started? fun(why: string) called, if no timer takes the job in time, in its stead
function runners.add(fn, on_not_started)
  local last = jobs.last + 1
  jobs[last] = { fn = fn, on_not_started = on_not_started, since = ngx.now() }
  jobs.last = last
  ask()
end

--- Looks after jobs that no timer takes. For whoever runs anyway.
function runners.tend()
  if oldest() then
    give_up_late_ones(ngx.now())
    ask()
  end
end

--- Whether jobs wait for timers that do not come.
---@return boolean
function runners.are_short()
  local job = oldest()
  return job ~= nil and ngx.now() - job.since > shortest_patience
end

return runners
