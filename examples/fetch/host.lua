--- Stands for a game engine: it owns the loop, calls the script once a frame, and offers no sockets but
-- `fetch(url, options, callback)`. In a game this file is the game.
local uv = require "luv"

local host = {}

local frame_ms = 16

local function request_text(url, options)
  local authority, path = url:match "^http://([^/]+)(.*)$"
  -- By HTTP/1.0 a response comes in one piece, and ends with the connection.
  local lines = { ("%s %s HTTP/1.0"):format(options.method, path), "Host: " .. authority }
  for name, value in pairs(options.headers) do
    lines[#lines + 1] = name .. ": " .. value
  end
  if options.body then
    lines[#lines + 1] = "Content-Length: " .. #options.body
  end
  return table.concat(lines, "\r\n") .. "\r\n\r\n" .. (options.body or "")
end

local function response_of(text)
  local status, fields, body = text:match "^HTTP/1%.%d (%d%d%d)[^\r]*\r\n(.-\r\n)\r\n(.*)$"
  if not status then
    return nil, "the connection was lost"
  end
  local headers = {}
  for name, value in fields:gmatch "([^:\r\n]+): *([^\r\n]*)\r\n" do
    headers[name:lower()] = value
  end
  if tonumber(headers["content-length"] or #body) ~= #body then
    return nil, "the response was cut off"
  end
  return { status = tonumber(status), headers = headers, body = body }
end

-- Calls back once, whatever comes first.
local function conclude(exchange, ...)
  if not exchange.over then
    exchange.over = true
    exchange.socket:close()
    exchange.timer:close()
    exchange.callback(...)
  end
end

--- Begins an HTTP request and returns; the callback gets the response, or nil and a message.
---@param url string of an IPv4 address
---@param options table `method`, `headers`, `body`, `timeout` in seconds
---@param callback function
function host.fetch(url, options, callback)
  local exchange = { socket = uv.new_tcp(), timer = uv.new_timer(), callback = callback, pieces = {} }
  exchange.timer:start(math.ceil(options.timeout * 1000), 0, function()
    conclude(exchange, nil, "no response in time")
  end)
  local address, port = url:match "^http://([%d.]+):(%d+)"
  exchange.socket:connect(address, tonumber(port), function(problem)
    if problem then
      return conclude(exchange, nil, problem)
    end
    exchange.socket:write(request_text(url, options))
    exchange.socket:read_start(function(failed, piece)
      if piece then
        exchange.pieces[#exchange.pieces + 1] = piece
      elseif failed then
        conclude(exchange, nil, failed)
      else
        conclude(exchange, response_of(table.concat(exchange.pieces)))
      end
    end)
  end)
end

--- Calls a function once a frame until it returns false.
---@param frame function
function host.run(frame)
  local timer = uv.new_timer()
  timer:start(0, frame_ms, function()
    if frame() == false then
      timer:close()
    end
  end)
  uv.run()
end

return host
