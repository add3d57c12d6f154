--- What the specs of the server share: a shell, processes, and curl, a client that is not ours.
local driver = {}

--- Quotes a word for the shell.
function driver.quote(word)
  return "'" .. tostring(word):gsub("'", "'\\''") .. "'"
end

--- Runs a command.
---@return string what it wrote
function driver.run(command)
  local pipe = assert(io.popen(command, "r"))
  local output = pipe:read("*a")
  pipe:close()
  return output
end

--- Says whether a path exists.
function driver.exists(path)
  return driver.run("test -e " .. driver.quote(path) .. " && echo yes") == "yes\n"
end

--- Says whether a process lives. One that has ended but was not waited for yet counts as gone.
function driver.lives(pid)
  local file = io.open("/proc/" .. pid .. "/stat", "rb")
  local state = file and file:read("*a"):match("%) (%a)")
  if file then
    file:close()
  end
  return state ~= nil and state ~= "Z" and state ~= "X"
end

--- Waits until a condition holds.
---@param seconds number the most to wait
---@param condition function
---@return boolean whether it held in time
function driver.eventually(seconds, condition)
  local deadline = os.time() + seconds
  while not condition() do
    if os.time() > deadline then
      return false
    end
    os.execute("sleep 0.02")
  end
  return true
end

--- The beginning of a curl command that trusts a server's certificate.
---@return string for the shell
function driver.curl_command(server)
  return server.ca_file and "curl --cacert " .. driver.quote(server.ca_file) or "curl"
end

--- Sends a request with curl.
-- Responds to with status, body and curl's exit status: 0, 18 cut, 28 timed out, 52 empty, 56 reset, 92 an
-- HTTP/2 stream was reset.
function driver.curl(server, method, target, body, more)
  local words = { "-sS", "-X", method, "-m", "10", "-w", "\\n%{http_code}" }
  for _, header in ipairs {
    "Authorization: Bearer " .. server.api_key, "Ngrok-Version: 2", "Content-Type: application/json",
  } do
    words[#words + 1] = "-H"
    words[#words + 1] = header
  end
  if body then
    words[#words + 1] = "--data-binary"
    words[#words + 1] = body
  end
  for _, word in ipairs(more or {}) do
    words[#words + 1] = word
  end
  words[#words + 1] = server.base_url .. target
  for index, word in ipairs(words) do
    words[index] = driver.quote(word)
  end
  local command = driver.curl_command(server) .. " " .. table.concat(words, " ")
  local output = driver.run(command .. " 2>/dev/null; echo \" $?\"")
  local response, status, exit = output:match("^(.*)\n(%d+) (%d+)\n$")
  return tonumber(status), response, tonumber(exit)
end

return driver
