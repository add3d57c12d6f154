--- Sends responses, inside nginx, with the faults that only a server can have: bodies that are cut,
--- connections that are reset, responses that come late or never.
local wire = {}

local longest_hang = 60 -- seconds; a test that forgets a hanging request must end some day
local close_without_response = 444 -- nginx's own code; with reset_timedout_connection it sends a TCP reset

local function end_when_client_leaves()
  ngx.on_abort(function() ngx.exit(close_without_response) end)
end

local function send_head(response)
  ngx.status = response.status
  for name, value in pairs(response.headers) do
    ngx.header[name] = value
  end
  ngx.header["content-length"] = response.status ~= 204 and #response.body or nil
end

local function send(response)
  send_head(response)
  if response.status == 204 then
    return ngx.exit(204)
  end
  ngx.print(response.body)
  return ngx.exit(ngx.OK)
end

local function reset()
  return ngx.exit(close_without_response)
end

-- Over HTTP/1 nothing is read from a connection while a request hangs, and on_abort notices only a plain
-- end: a client that ends TLS sends an alert, which looks like a next request.
local function wait_for_client_to_leave()
  if ngx.req.http_version() >= 2 then
    end_when_client_leaves()
    return ngx.sleep(longest_hang)
  end
  local socket = assert(ngx.req.socket(true))
  socket:settimeout(longest_hang * 1000)
  socket:receive(1)
end

local function hang()
  wait_for_client_to_leave()
  return ngx.exit(close_without_response)
end

local function delay(response, met)
  end_when_client_leaves()
  -- nginx counts whole milliseconds from when it last looked at the clock: this is never too early.
  ngx.update_time()
  ngx.sleep((met.seconds or 1) + 0.001)
  return send(response)
end

-- Announced in full, begun, and given up: over HTTP/1 the connection ends, over HTTP/2 the stream.
local function truncate(response, met)
  send_head(response)
  ngx.print(response.body:sub(1, met.at or math.floor(#response.body / 2)))
  ngx.flush(true)
  return ngx.exit(ngx.ERROR)
end

local ways = { delay = delay, hang = hang, reset_before = reset, reset_after = reset, truncate = truncate }

--- Sends a response, or what a fault makes of it.
---@param response table `status`, `headers`, `body`
---@param met? table description of the fault that the request met
function wire.send(response, met)
  local way = met and ways[met.kind] or send
  return way(response, met)
end

return wire
