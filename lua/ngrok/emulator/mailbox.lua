--- Commands from the process that started the server to the one that serves: a directory of
-- numbered files. No HTTP client is needed, and nothing shows on the wire that is tested.
-- A file is written under another name and then renamed, so it is there as a whole or not at all.
local json = require "ngrok.emulator.json"
local shell = require "ngrok.emulator.shell"

local mailbox = {}
mailbox.__index = mailbox

local longest_wait = 10 -- seconds for a response; it takes milliseconds unless the server is gone
local pause = 0.005

--- Opens one end.
---@param directory string that both ends can write to
---@return table mailbox
function mailbox.open(directory)
  return setmetatable({ directory = directory, number = 0 }, mailbox)
end

local function read(path)
  local file = io.open(path, "rb")
  if not file then
    return nil
  end
  local text = file:read("*a")
  file:close()
  return text
end

local function write(path, value)
  local file = assert(io.open(path .. ".new", "wb"))
  file:write(json.encode(value))
  file:close()
  assert(os.rename(path .. ".new", path))
end

local function command_path(self)
  return ("%s/%d.command"):format(self.directory, self.number)
end

local function response_path(self)
  return ("%s/%d.response"):format(self.directory, self.number)
end

-- On 5.4 cjson reads every number as a float, and 201.0 is no status.
local function with_integers(value)
  if type(value) == "table" then
    for key, member in pairs(value) do
      value[key] = with_integers(member)
    end
  elseif type(value) == "number" and value % 1 == 0 then
    return math.floor(value)
  end
  return value
end

local function take_response(self, is_alive)
  local waited = 0
  while waited < longest_wait do
    local text = read(response_path(self))
    if text then
      os.remove(response_path(self))
      return with_integers(json.decode(text))
    elseif not is_alive() then
      return nil, "the emulator's server has ended"
    end
    shell.sleep(pause)
    waited = waited + pause
  end
  return nil, "the emulator's server does not respond"
end

--- Sends a command and waits for what it returns: whatever is served from then on comes after it.
---@param name string of a control
---@param argument any plain data or nil
---@param is_alive function whether it still makes sense to wait
---@return any the result, or nil and a message
function mailbox:ask(name, argument, is_alive)
  self.number = self.number + 1
  write(command_path(self), { name = name, argument = argument })
  local response, message = take_response(self, is_alive)
  if not response then
    return nil, message
  elseif response.message then
    return nil, response.message
  end
  return response.result
end

--- Carries out the commands that have come, in their order.
---@param obey function from a command's name and argument to its result
function mailbox:receive(obey)
  while true do
    self.number = self.number + 1
    local text = read(command_path(self))
    if not text then
      self.number = self.number - 1
      return
    end
    os.remove(command_path(self))
    local command = json.decode(text)
    local fine, result = pcall(obey, command.name, command.argument)
    write(response_path(self), fine and { result = result } or { message = tostring(result) })
  end
end

return mailbox
