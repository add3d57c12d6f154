--- Performs many attempts in one timer, each in a light thread. nginx runs few timers at once (256, see
-- lua_max_running_timers): the first attempt's timer also serves those that come while it runs. All have the
-- configuration of one location, which the timer has inherited.
local configuration = require "ngrok.loop.nginx_configuration"
local semaphore = require "ngx.semaphore"

local resty_timer = {}

-- nginx frees what a timer uses only when it ends.
local most_jobs = 200

local longest_sleep = 60 -- seconds; a job that ends says so

local timers = {} -- by configuration: those that take jobs

local function run(timer, job)
  local fine, err = pcall(job.fn)
  if not fine then
    ngx.log(ngx.ERR, "ngrok: an attempt has failed: ", tostring(err))
  end
  timer.ended[#timer.ended + 1] = job
  timer.news:post(1)
end

local function start_jobs(timer)
  while timer.queue[1] do
    local job = table.remove(timer.queue, 1)
    timer.running = timer.running + 1
    job.thread = ngx.thread.spawn(run, timer, job)
  end
end

-- nginx does not end a timer before all its light threads were waited for.
local function reap_jobs(timer)
  while timer.ended[1] do
    ngx.thread.wait(table.remove(timer.ended).thread)
    timer.running = timer.running - 1
  end
end

local function serve(timer)
  repeat
    start_jobs(timer)
    if not timer.ended[1] then
      timer.news:wait(longest_sleep)
    end
    reap_jobs(timer)
  until timer.running == 0 and not timer.queue[1]
end

local function add(timer, fn, name)
  timer.jobs = timer.jobs + 1
  timer.queue[#timer.queue + 1] = { fn = fn }
  if timer.jobs == most_jobs then
    timers[name] = nil
  end
end

--- Calls a function in a timer of the same configuration: in one that runs already, or else in this one.
---@param fn function
function resty_timer.perform(fn)
  local name = configuration.current()
  if not name then
    return fn()
  end
  local timer = timers[name]
  if timer then
    add(timer, fn, name)
    return timer.news:post(1)
  end
  timer = { queue = {}, ended = {}, running = 0, jobs = 0, news = semaphore.new() }
  timers[name] = timer
  add(timer, fn, name)
  local fine, err = pcall(serve, timer)
  if timers[name] == timer then
    timers[name] = nil
  end
  if not fine then
    error(err, 0)
  end
end

return resty_timer
