--- Answers as nginx sends them, and what only a server can do wrong: cut bodies, reset
-- connections, answers late or never. Runs inside nginx.
local wire = {}

local longest_hang = 60 -- seconds; a test that forgets a hanging request must end some day
local close_without_answer = 444 -- nginx's own code; with reset_timedout_connection it sends a TCP reset

local function end_when_client_leaves()
  ngx.on_abort(function() ngx.exit(close_without_answer) end)
end

local function send(response)
  ngx.status = response.status
  for name, value in pairs(response.headers) do
    ngx.header[name] = value
  end
  if response.status == 204 then
    return ngx.exit(204)
  end
  ngx.header["content-length"] = #response.body
  ngx.print(response.body)
  return ngx.exit(ngx.OK)
end

local function reset()
  return ngx.exit(close_without_answer)
end

local function hang()
  end_when_client_leaves()
  ngx.sleep(longest_hang)
  return ngx.exit(close_without_answer)
end

local function delay(response, met)
  end_when_client_leaves()
  ngx.sleep(met.seconds or 1)
  return send(response)
end

-- nginx would not send less than it announced, so the answer is written by hand.
local function truncate(response, met)
  local lines = { ("HTTP/1.1 %d Emulated"):format(response.status) }
  for name, value in pairs(response.headers) do
    lines[#lines + 1] = ("%s: %s"):format(name, value)
  end
  lines[#lines + 1] = ("content-length: %d"):format(#response.body)
  local head = table.concat(lines, "\r\n") .. "\r\n\r\n"
  local socket = assert(ngx.req.socket(true))
  assert(socket:send(head .. response.body:sub(1, met.at or math.floor(#response.body / 2))))
end

local ways = { delay = delay, hang = hang, reset_before = reset, reset_after = reset, truncate = truncate }

--- Sends an answer, or what a fault makes of it.
-- @tparam table response `status`, `headers`, `body`
-- @tparam ?table met description of the fault that the request met
function wire.send(response, met)
  local way = met and ways[met.kind] or send
  return way(response, met)
end

return wire
