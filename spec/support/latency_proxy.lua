--- A wire with latency: a proxy in a process of its own, so that a client keeps its server's URL, to which
-- pages of a list lead. What either side sends reaches the other 25 ms later, whole and in order: every
-- round trip takes 50 ms. Told to, it forgets its connections, as a NAT does.
local child = require "spec.support.child"
local timing = require "spec.support.timing"
local shell = require "ngrok.emulator.shell"

local latency_proxy = {}
latency_proxy.__index = latency_proxy

--- Seconds from a question to its response, at the least.
latency_proxy.round_trip = 0.05

-- Reads from its stdin to learn of the end, that of whoever started it, however that came; and a byte for
-- each time that it is to forget.
local program = [[
local told, delay = arg[1], tonumber(arg[2])
local uv = require "luv"
local generation = 0 -- how often it has forgotten

local function tell(what)
  local file = assert(io.open(told, "ab"))
  file:write(what, "\n")
  file:close()
end

local function close(handle)
  if not handle:is_closing() then
    handle:close()
  end
end

-- libuv calls timers that are due at the same time in the order in which they were started.
local function later(fn)
  local timer = uv.new_timer()
  uv.update_time()
  timer:start(delay, 0, function()
    timer:close()
    fn()
  end)
end

-- What goes wrong on one side is the end of both. On a forgotten connection nothing comes of anything.
local function forward(from, to)
  local born = generation
  from:read_start(function(problem, chunk)
    later(function()
      if to:is_closing() or born ~= generation then
        return
      elseif problem then
        close(from)
        close(to)
      elseif chunk then
        to:write(chunk)
      else
        to:shutdown(function()
          if from:is_closing() or not from:is_active() then
            close(to)
          end
        end)
      end
    end)
  end)
end

local function connect(near, port)
  local far = uv.new_tcp()
  far:nodelay(true)
  far:connect("127.0.0.1", port, function(problem)
    if problem or near:is_closing() then
      close(near)
      return close(far)
    end
    near:write "HTTP/1.1 200 Connected\r\n\r\n"
    forward(near, far)
    forward(far, near)
  end)
end

-- A client says nothing after that before it has been answered.
local function hear_where_to(near)
  local heard = ""
  near:nodelay(true)
  near:read_start(function(problem, chunk)
    heard = heard .. (chunk or "")
    if problem or not chunk then
      close(near)
    elseif heard:find("\r\n\r\n", 1, true) then
      near:read_stop()
      local port = tonumber(heard:match "^CONNECT 127%.0%.0%.1:(%d+) ")
      later(function()
        connect(near, port)
      end)
    end
  end)
end

local listener = uv.new_tcp()
assert(listener:bind("127.0.0.1", 0))
assert(listener:listen(128, function()
  local near = uv.new_tcp()
  listener:accept(near)
  hear_where_to(near)
end))

local ending = uv.new_pipe(false)
ending:open(0)
ending:read_start(function(problem, chunk)
  if problem or not chunk then
    return uv.stop()
  end
  generation = generation + #chunk
  tell("forgot " .. generation)
end)

tell(listener:getsockname().port)
uv.run()
os.exit(0)
]]

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read "*a" or ""
  if file then
    file:close()
  end
  return text
end

---@return table `url`, for a client's `proxy`
function latency_proxy.start()
  local script, told = os.tmpname(), os.tmpname()
  write(script, program)
  local pipe = assert(io.popen(("%s %s %s %d"):format(child.interpreter { SPEC_LEAKS = "none" },
    shell.quote(script), shell.quote(told), latency_proxy.round_trip * 1000 / 2), "w"))
  local own_port
  timing.wait_until(function()
    own_port = read(told):match "^(%d+)\n"
    return own_port
  end)
  os.remove(script)
  return setmetatable({
    pipe = pipe, url = "http://127.0.0.1:" .. own_port, told = told, forgotten = 0,
  }, latency_proxy)
end

--- Leaves each connection that there is half open: either side can send, and neither hears of it.
function latency_proxy:forget()
  self.forgotten = self.forgotten + 1
  self.pipe:write "."
  self.pipe:flush()
  timing.wait_until(function()
    return read(self.told):find(("forgot %d\n"):format(self.forgotten), 1, true)
  end)
end

function latency_proxy:stop()
  self.pipe:close() -- and waits for it
  os.remove(self.told)
end

return latency_proxy
