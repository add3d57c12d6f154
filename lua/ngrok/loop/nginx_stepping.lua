--- Steps the clients in a worker of nginx. One of the light threads that wait does so, or else a timer.
--
-- A light thread can vanish at any yield without a trace. So the stepper gives signs of life, and another
-- thread takes over when they stop. Nothing here holds a request whose caller waits for it: when that thread
-- vanishes, the request becomes garbage and is cancelled.
local attendance = require "ngrok.loop.attendance"
local timers = require "ngrok.loop.nginx_timers"
local semaphore = require "ngx.semaphore"

local stepping = {}

-- Seconds between two steps: a tenth of the time since the last progress. So polling delays a response by a
-- tenth at most, and is rare where responses take long.
local shortest_pause, longest_pause = 0.001, 0.02
local share_of_wait = 0.1

-- Seconds that the others sleep at most.
local longest_sleep = 0.1

-- Seconds that a sign of life may be late.
local longest_silence = 0.05

-- The clients of this worker that have requests under way, and those with requests that no call waits for.
local clients = setmetatable({}, { __mode = "k" })
local unattended = {}

local sleepers = setmetatable({}, { __mode = "k" })
local stepper -- the sleeper who steps
local next_look = 0 -- when it gives its next sign of life
local last_progress = 0

-- Wakes a sleeper once, however often it is called.
local function post(woken)
  if woken:count() < 1 then
    woken:post(1)
  end
end

local function wake_stepper()
  if stepper then
    post(stepper.woken)
  end
end

--- Reports an error from a timer, since it may go to a callback, which must not run here.
---@param client table
---@param err any
function stepping.report(client, err)
  timers.add(function()
    client:report(err)
  end)
end

local function take_note(client)
  clients[client] = client:pending() > 0 or nil
  unattended[client] = attendance.unattended(client) > 0 or nil
end

-- A caller that is due wakes in this turn of nginx if it is alive, even where nginx was busy for long.
local function step(client)
  if client.core:has_absent() then
    return true
  end
  local fine, count = pcall(client.advance, client, 0)
  if not fine then -- memory ran out; all is to be tried again
    pcall(stepping.report, client, count)
  end
  attendance.call_next(client)
  take_note(client)
  return fine and (count > 0 or client:timeout() == 0)
end

local function step_all()
  local progress, to_step = false, {} -- a step may change `clients`
  for client in pairs(clients) do
    to_step[#to_step + 1] = client
  end
  for _, client in ipairs(to_step) do
    progress = step(client) or progress
  end
  return progress
end

-- Returns whether the sleeper was woken. One that was woken before still sleeps for a moment, so that nginx
-- gets its turn.
local function sleep(sleeper, seconds)
  local early = sleeper.woken:count() > 0 and sleeper.woken:wait(0)
  local woken, problem = sleeper.woken:wait(early and shortest_pause or seconds)
  if problem and problem ~= "timeout" then
    ngx.sleep(longest_pause)
  end
  sleeper.seen = ngx.now()
  timers.tend()
  return early or woken
end

local function pause(sleeper)
  local now = ngx.now()
  local seconds = math.max(shortest_pause, math.min((now - last_progress) * share_of_wait, longest_pause))
  next_look = now + seconds
  if sleep(sleeper, seconds) then
    last_progress = ngx.now()
    ngx.sleep(shortest_pause) -- nginx must get to its sockets before the step
  end
end

--- Sleeps for a while, then steps the clients once, even if another does so. The sleep comes first: so nginx
-- gets its turn between two calls of a light thread, however soon a response comes.
---@param sleeper table
function stepping.lead(sleeper)
  stepper = sleeper
  pause(sleeper)
  if step_all() then
    last_progress = ngx.now()
  end
end

--- Sleeps for a while, or leads where no other thread does.
---@param sleeper table
function stepping.follow(sleeper)
  if stepper == sleeper or not stepper or ngx.now() >= next_look + longest_silence then
    stepping.lead(sleeper)
  else
    sleep(sleeper, longest_sleep)
  end
end

--- For a light thread that is about to follow or to lead.
---@return table sleeper
---@return function wake It refers to nothing of the light thread, whose stack nginx uses again.
function stepping.join()
  local woken = semaphore.new()
  local sleeper = { woken = woken, seen = ngx.now() }
  sleepers[sleeper] = true
  return sleeper, function()
    post(woken)
  end
end

--- Hands over to a thread that is alive.
---@param sleeper table
function stepping.leave(sleeper)
  sleepers[sleeper] = nil
  if stepper ~= sleeper then
    return
  end
  stepper = nil
  local now = ngx.now()
  for other in pairs(sleepers) do
    if now - other.seen < longest_sleep + longest_silence then
      stepper, next_look = other, now
      return wake_stepper()
    end
  end
end

--- New work has come, or the last has ended without a step.
---@param client table
---@param attended? boolean whether its caller is about to follow
function stepping.watch(client, attended)
  if attended then
    clients[client] = true
  else
    take_note(client)
  end
  last_progress = ngx.now()
  wake_stepper()
end

--- Whether any request is under way whose caller does not wait.
---@return boolean
function stepping.has_unattended()
  return next(unattended) ~= nil
end

---@param client table
function stepping.release(client)
  clients[client], unattended[client] = nil, nil
end

return stepping
