--- What the specs of the server share: the shell, processes, and curl, a client that is not ours.
local process = require "ngrok.emulator.process"
local shell = require "ngrok.emulator.shell"

local driver = {}

driver.quote = shell.quote

--- Runs a command.
---@return string what it wrote to its output
function driver.run(command)
  local pipe = assert(io.popen(command, "r"))
  local output = pipe:read("*a")
  pipe:close()
  return output
end

--- Says whether a path exists.
function driver.exists(path)
  return (shell.run("test -e " .. shell.quote(path)))
end

--- Says whether a process lives.
function driver.lives(pid)
  return process.is_alive(process.describe(pid))
end

--- Makes an executable file.
---@param text string a script for the shell
---@param finally function of the `it` whose end removes it
---@return string path
function driver.script(text, finally)
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write("#!/bin/sh\n", text)
  file:close()
  shell.run("chmod +x " .. shell.quote(path))
  finally(function() os.remove(path) end)
  return path
end

--- The beginning of a curl command that trusts a server's certificate.
---@return string for the shell
function driver.curl_command(server)
  return server.ca_file and "curl --cacert " .. shell.quote(server.ca_file) or "curl"
end

--- Sends a request with curl.
---@return integer? status
---@return string body
---@return integer exit curl's exit status: 0, 18 cut, 28 timed out, 52 empty, 56 reset, 92 an HTTP/2 stream
---   was reset
function driver.curl(server, method, target, body, more)
  local words = {
    "-sS", "-X", method, "-m", "10", "-w", "\\n%{http_code}", "-H", "Ngrok-Version: 2",
    "-H", "Authorization: Bearer " .. server.api_key, "-H", "Content-Type: application/json",
  }
  if body then
    words[#words + 1] = "--data-binary"
    words[#words + 1] = body
  end
  for _, word in ipairs(more or {}) do
    words[#words + 1] = word
  end
  words[#words + 1] = server.base_url .. target
  local command = driver.curl_command(server) .. " " .. shell.command(words)
  local output = driver.run(command .. " 2>/dev/null; echo \" $?\"")
  local response, status, exit = output:match("^(.*)\n(%d+) (%d+)\n$")
  return tonumber(status), response, tonumber(exit)
end

return driver
