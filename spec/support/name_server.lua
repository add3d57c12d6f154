--- A name server in a process of its own: every name below `localhost` is this machine, names that begin with
-- "silent" are never answered, those that begin with "slow" after 300 ms, and there are no others. For nginx,
-- which does not read /etc/hosts.
local child = require "spec.support.child"
local timing = require "spec.support.timing"
local shell = require "ngrok.emulator.shell"

local name_server = {}
name_server.__index = name_server

-- The response repeats the question; 0xC00C points to the name in it. It ends when its file is gone.
local program = [[
local uv = require "luv"
local path = arg[1]
local socket = uv.new_udp()
assert(socket:bind("127.0.0.1", 0))
local function respond(query)
  local question = query:sub(13, (query:find("\0", 13, true) or 13) + 4)
  local is_known = question:lower():find("\9localhost\0", 1, true)
  local is_address = question:sub(-4) == "\0\1\0\1"
  local head = query:sub(1, 2) .. (is_known and "\129\128" or "\129\131") .. "\0\1\0"
    .. (is_known and is_address and "\1" or "\0") .. "\0\0\0\0"
  local record = is_known and is_address and "\192\12\0\1\0\1\0\0\0\60\0\4\127\0\0\1" or ""
  return head .. question .. record
end
socket:recv_start(function(_, query, from)
  if query and #query > 16 and not query:find("silent", 1, true) then
    uv.new_timer():start(query:find("slow", 1, true) and 300 or 0, 0, function()
      socket:send(respond(query), from.ip, from.port, function() end)
    end)
  end
end)
local file = assert(io.open(path .. ".new", "wb"))
file:write(socket:getsockname().port)
file:close()
assert(os.rename(path .. ".new", path))
uv.new_timer():start(200, 200, function()
  local present = io.open(path, "rb")
  if not present then
    os.exit(0)
  end
  present:close()
end)
uv.run()
]]

---@return table server with `port`
function name_server.start()
  local self = setmetatable({ path = os.tmpname() }, name_server)
  os.remove(self.path)
  local script = self.path .. ".lua"
  local file = assert(io.open(script, "wb"))
  file:write(program)
  file:close()
  local command = ("%s %s %s >/dev/null 2>&1 & echo $!")
  local _, pid = shell.run(command:format(child.interpreter(child.state_left_open), script, self.path))
  self.pid = tonumber(pid:match "%d+")
  timing.wait_until(function()
    local port = io.open(self.path, "rb")
    self.port = port and port:read "*n"
    if port then
      port:close()
    end
    return self.port
  end)
  os.remove(script)
  return self
end

function name_server:stop()
  os.remove(self.path)
  shell.run(("kill %d"):format(self.pid))
end

return name_server
