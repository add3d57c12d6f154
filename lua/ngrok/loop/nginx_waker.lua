--- How the timer of `ngrok.loop.nginx` sleeps: it reads from a Unix socket, into which a thread of the core's
-- writes a byte when a descriptor is readable or the time has come.
local core = require "ngrok.core"

local waker = {}
waker.__index = waker

-- Milliseconds. A byte comes long before: a time-out of nginx's would be told in its log.
local longest_read = 3600e3

-- Milliseconds that a connection is kept for the next timer.
local longest_idle = 60e3

-- Seconds before the next look where one has been of no use although its time had come.
local shortest_sleep = 0.001

-- There is one thread in a worker. `path` names the connection among those that nginx keeps.
local thread, path
local none = false -- whether there can be no thread, which is found out once

local function close()
  if thread then
    thread:close()
    thread, path = nil, nil
  end
end

local function refuse(problem)
  close()
  none = true
  ngx.log(ngx.NOTICE, "ngrok: nothing to be woken by, so answers are looked for: ", problem)
end

local function connect()
  local socket = ngx.socket.tcp()
  socket:settimeout(longest_read)
  local fine, problem = socket:connect("unix:" .. path)
  return fine and socket, problem
end

local function begin()
  local problem, socket
  thread, path = core.waker(os.getenv "TMPDIR" or "/tmp")
  if not thread then
    problem, path = path, nil
    return refuse(problem)
  end
  socket, problem = connect()
  if not socket or not thread:accept() then
    return refuse(problem or "no connection of its own, or no thread")
  end
  return socket
end

--- For the timer that is running.
-- @treturn ?table nil where there can be none
function waker.connect()
  if none then
    return nil
  end
  local socket
  if thread and thread:is_connected() then
    socket = connect() -- the one that is kept: there is nothing else by that name
  else
    close() -- nginx may have closed it since
    socket = begin()
  end
  return socket and setmetatable({ socket = socket }, waker)
end

--- Sleeps until a descriptor is readable, the time is over, or somebody wakes it.
-- @tparam table descriptors
-- @tparam number seconds
-- @tparam boolean progress whether the last look was of use
-- @treturn boolean false when it cannot sleep so any more
function waker:sleep(descriptors, seconds, progress)
  local least = progress and 0 or shortest_sleep
  if thread:arm(math.max(seconds, least), descriptors) and self.socket:receive(1) then
    return true
  end
  self.socket:close()
  close()
  return false
end

function waker.wake()
  thread:ring()
end

--- Keeps the connection for the next timer, but for a worker's that is about to end.
function waker:finish()
  if ngx.worker.exiting() or not self.socket:setkeepalive(longest_idle) then
    self.socket:close()
    close()
  end
end

return waker
