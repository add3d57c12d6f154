--- The command `ngrok-emulator`: an emulator for programs in any language, until a signal ends it.
local arguments = require "ngrok.emulator.arguments"
local core = require "ngrok.core"
local process = require "ngrok.emulator.process"
local server = require "ngrok.emulator.server"
local shell = require "ngrok.emulator.shell"
local version = require "ngrok.version"

local command = {}

local pause = 0.1 -- seconds between two looks at the server

local function complain(message)
  io.stderr:write("ngrok-emulator: ", message, "\n")
end

-- In one piece, so that who reads the file while it is written finds all or nothing.
local function print_exports(emu)
  local lines = {}
  for _, variable in ipairs {
    { "NGROK_API_KEY", emu.api_key }, { "NGROK_CA_FILE", emu.ca_file or nil },
    { "NGROK_BASE_URL", emu.base_url },
  } do
    lines[#lines + 1] = variable[2] and ("export %s=%s\n"):format(variable[1], shell.quote(variable[2]))
  end
  io.stdout:write(table.concat(lines))
  io.stdout:flush()
end

local function write_log(emu)
  for _, line in ipairs(emu.control:ask "finished" or {}) do
    io.stderr:write(line, "\n")
  end
end

local function prepare(emu, taken)
  for _, seed in ipairs(taken.seeds) do
    emu:seed(seed.service, seed.count)
  end
  for _, fault in ipairs(taken.faults) do
    emu:misbehave(fault)
  end
end

-- Until a signal comes. Returns the exit status.
local function serve(emu, taken)
  local look = taken.json_log and write_log or function() end
  look(emu) -- the server begins to keep lines
  print_exports(emu)
  local signal
  repeat
    signal = core.wait_for_signal(pause)
    look(emu)
  until signal or not process.is_alive(emu.master)
  if not signal then
    complain "the server has ended"
  end
  return signal and 128 + signal or 1
end

--- Runs the command.
---@param words string[] its arguments
---@return integer # exit status
function command.run(words)
  local taken, problem = arguments.read(words)
  if not taken then
    complain(problem .. "\nTry 'ngrok-emulator --help'.")
    return 2
  elseif taken.action then
    io.stdout:write(taken.action == "help" and arguments.help() or "ngrok-emulator " .. version .. "\n")
    return 0
  end
  core.wait_for_signal(0) -- from here on a signal cannot leave a server behind
  local emu
  emu, problem = server.start(taken.options)
  if not emu then
    complain(problem)
    return 1
  end
  prepare(emu, taken)
  local status = serve(emu, taken)
  emu:stop()
  return status
end

return command
