-- A program: the server's end of HTTP/2 on its standard input and output, behind `openssl s_server`. Up to
-- a request it behaves; a script that a spec wrote responds to it, in frames right or wrong.
--
--   lua http2_peer.lua SCRIPT REQUESTS
--
-- SCRIPT is a file of Lua, read again for each connection, where the count restarts if it has changed.
-- It is run with (peer, stream, count) for each request that has come whole, or with
-- (peer) alone as soon as there is a connection, which is not greeted if that returns "silent". A line is
-- added to REQUESTS for each request.
local script_path, requests_path = ...

local preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

local types = {
  data = 0, headers = 1, rst_stream = 3, settings = 4, push_promise = 5, ping = 6, goaway = 7,
  window_update = 8, continuation = 9,
}
local end_stream, end_headers, ack = 1, 4, 1

local peer = {}

local function bytes_of(number, length)
  local bytes = {}
  for index = length, 1, -1 do
    bytes[index] = string.char(number % 256)
    number = math.floor(number / 256)
  end
  return table.concat(bytes)
end

local function number_of(bytes)
  local number = 0
  for index = 1, #bytes do
    number = number * 256 + bytes:byte(index)
  end
  return number
end

--- Bytes of a number, the highest first.
peer.bytes = bytes_of

--- Writes whatever it is.
---@return boolean whether there was somebody to write to
function peer.raw(bytes)
  local written = io.write(bytes)
  return written ~= nil and io.flush() ~= nil
end

--- Writes a frame.
---@param kind string|number name or number
---@param flags number
---@param stream number
---@param payload? string
function peer.frame(kind, flags, stream, payload)
  payload = payload or ""
  return peer.raw(bytes_of(#payload, 3) .. bytes_of(types[kind] or kind, 1) .. bytes_of(flags, 1)
    .. bytes_of(stream, 4) .. payload)
end

--- A header as HPACK has it: in letters, and not to be remembered. Neither may have more than 126 bytes.
function peer.header(name, value)
  return "\0" .. string.char(#name) .. name .. string.char(#value) .. value
end

--- Responds to a request well.
function peer.respond(stream, body)
  peer.frame("headers", end_headers, stream, peer.header(":status", "200"))
  peer.frame("data", end_stream, stream, body)
end

local text, script
local count, is_silent = 0, false

local function read_script()
  local file = assert(io.open(script_path, "rb"))
  local found = file:read "*a"
  file:close()
  if found ~= text then
    text, script, count = found, assert(loadfile(script_path)), 0
  end
end

local function greet()
  read_script()
  is_silent = script(peer) == "silent"
  if not is_silent then
    peer.frame("settings", 0, 0)
  end
end

local function is_request(kind, flags)
  return (kind == types.headers or kind == types.data) and flags % 2 == end_stream
end

local function hear(kind, flags, stream)
  if is_request(kind, flags) then
    count = count + 1
    local log = assert(io.open(requests_path, "ab"))
    log:write(stream, "\n")
    log:close()
    script(peer, stream, count)
  elseif kind == types.settings and flags % 2 ~= ack and not is_silent then
    peer.frame("settings", ack, 0)
  end
end

-- A connection ends without a word, and the next begins with the preface.
local function read_frame()
  local head = io.read(9)
  if not head or #head < 9 then
    return false
  elseif head == preface:sub(1, 9) then
    assert(io.read(#preface - 9) == preface:sub(10))
    greet()
    return true
  end
  local length = number_of(head:sub(1, 3))
  if length > 0 then
    io.read(length)
  end
  hear(head:byte(4), head:byte(5), number_of(head:sub(6, 9)))
  return true
end

io.stdout:setvbuf "full"
while read_frame() do end
