--- A locale that writes a decimal comma: the system's German one, or one that is compiled for the purpose.
local shell = require "ngrok.emulator.shell"

local comma_locale = {}

local source = [[
LC_NUMERIC
decimal_point ","
thousands_sep ""
grouping -1
END LC_NUMERIC
LC_CTYPE
copy "POSIX"
END LC_CTYPE
]]

local function is_here(name)
  local before = os.setlocale(nil, "numeric")
  local found = os.setlocale(name, "numeric") ~= nil
  os.setlocale(before, "numeric")
  return found
end

-- It warns of the categories that it does not find in the source.
local compile = "cd %s && localedef -c -i source -f ANSI_X3.4-1968 ./comma >/dev/null 2>&1;"
  .. " test -e comma/LC_NUMERIC"

--- Finds or makes the locale.
---@return string? name for os.setlocale
---@return table? environment in which a process knows it
---@return string? folder to remove afterwards
function comma_locale.find()
  if is_here "de_DE.UTF-8" then
    return "de_DE.UTF-8", {}
  end
  local _, folder = shell.run "mktemp -d"
  local file = assert(io.open(folder .. "/source", "wb"))
  file:write(source)
  file:close()
  if shell.run(compile:format(shell.quote(folder))) then
    return "comma", { LOCPATH = folder }, folder
  end
  shell.run("rm -rf " .. shell.quote(folder))
end

return comma_locale
