--- Reads an HTTP/1 response from a socket of nginx, for `ngrok.transport.resty`. lua-resty-http has a reader,
-- but that takes an interim response for the final one, waits for ever after a folded header, refuses chunk
-- extensions and repeated lengths, and takes a reset for the end of a body.
--
-- Functions that read return nil and a problem: the socket's error, or a table with `message` and `manner`.
local resty_response = {}

local piece_bytes = 16 * 1024
local most_pieces = 1024

-- The limit of status lines, headers and trailers together, and of a line between chunks; as with libcurl.
local most_line_bytes = 256 * 1024

local function refuse(message, manner)
  return nil, { message = message, manner = manner }
end

-- ---- lines -----------------------------------------------------------------------------------------------

local function read_line(self, room)
  self.prepare()
  local line, problem = self.socket:receiveuntil "\n"(math.max(room, 1))
  if not line then
    return nil, problem
  elseif #line >= room then
    return refuse(("the response's headers exceed %d bytes"):format(most_line_bytes), "permanent")
  end
  return (line:gsub("\r$", ""))
end

-- Lines up to an empty one. A line that begins with a blank continues the header before it.
local function read_block(self)
  local lines = {}
  repeat
    local line, problem = read_line(self, most_line_bytes - self.head_bytes)
    if not line then
      return nil, problem
    end
    self.head_bytes = self.head_bytes + #line + 1
    lines[#lines + 1] = line
  until line == ""
  return (table.concat(lines, "\n"):gsub("\n[ \t]+", " "))
end

-- ---- the head --------------------------------------------------------------------------------------------

-- The values of each header, by its name in lower case.
local function headers_of(block)
  local headers = {}
  for line in block:gmatch "\n([^\n]+)" do
    local name, value = line:match "^([^%s:]+):[ \t]*(.*)$"
    if not name then
      return refuse "the response has a malformed header line"
    end
    name = name:lower()
    local values = headers[name] or {}
    values[#values + 1] = value:match "^.*[^ \t]" or ""
    headers[name] = values
  end
  return headers
end

local function read_head(self)
  local block, problem = read_block(self)
  if not block then
    return nil, problem
  end
  local version, status = block:match "^HTTP/1%.(%d) (%d%d%d)[ \n]"
  if not version then
    return refuse "the server's response is not HTTP/1"
  end
  local headers
  headers, problem = headers_of(block)
  return headers and { version = version, status = tonumber(status), headers = headers }, problem
end

-- Any number of interim responses may come before the final one.
local function read_final_head(self)
  local head, problem
  repeat
    head, problem = read_head(self)
  until not head or head.status >= 200 or head.status == 101
  if head and head.status < 200 then
    return refuse "the server switched to another protocol unasked (HTTP 101)"
  end
  return head, problem
end

-- ---- how long the body is --------------------------------------------------------------------------------

local function values_of(head, name)
  return table.concat(head.headers[name] or {}, ","):lower()
end

-- A response may repeat Content-Length with the same value.
local function length_of(head)
  local length
  for value in values_of(head, "content-length"):gmatch "[^,]+" do
    local digits = value:match "^[ \t]*(%d+)[ \t]*$"
    if not digits or length and tonumber(digits) ~= length then
      return refuse "the response's Content-Length is not a single number"
    end
    length = tonumber(digits)
  end
  if not length and head.headers["content-length"] then
    return refuse "the response's Content-Length is empty"
  end
  return length
end

local function keeps_connection(head)
  local keeps = head.version ~= "0"
  for option in values_of(head, "connection"):gmatch "[^,%s]+" do
    if option == "close" then
      return false
    end
    keeps = keeps or option == "keep-alive"
  end
  return keeps
end

-- ---- the body --------------------------------------------------------------------------------------------

local function is_over(self)
  return self.body_bytes > self.max_bytes
end

-- However small the pieces are, a body takes hardly more memory than its bytes.
local function keep(self, piece)
  local pieces = self.pieces
  pieces[#pieces + 1] = piece
  self.body_bytes = self.body_bytes + #piece
  if #pieces == most_pieces then
    self.blocks[#self.blocks + 1] = table.concat(pieces)
    self.pieces = {}
  end
end

local function body_of(self)
  return table.concat(self.blocks) .. table.concat(self.pieces)
end

local function read_bytes(self, count)
  while count > 0 and not is_over(self) do
    self.prepare()
    local piece, problem = self.socket:receive(math.min(count, piece_bytes))
    if not piece then
      return nil, problem
    end
    keep(self, piece)
    count = count - #piece
  end
  return true
end

local function read_to_end(self)
  while not is_over(self) do
    self.prepare()
    local piece, problem, partial = self.socket:receive(piece_bytes)
    if not piece and problem ~= "closed" then
      return nil, problem
    end
    keep(self, piece or partial)
    if not piece then
      return true
    end
  end
  return true
end

-- After the number there may be extensions, which mean nothing to us.
local function read_chunk_size(self)
  local line, problem = read_line(self, most_line_bytes)
  if not line then
    return nil, problem
  end
  local digits = line:match "^(%x+)[ \t]*$" or line:match "^(%x+)[ \t]*;"
  if not digits then
    return refuse "a chunk of the response has no valid length"
  end
  return tonumber(digits, 16)
end

local function read_chunks(self)
  while not is_over(self) do
    local size, problem = read_chunk_size(self)
    if not size then
      return nil, problem
    elseif size == 0 then
      return read_block(self) -- trailers
    end
    local fine, line
    fine, problem = read_bytes(self, size)
    if not fine then
      return nil, problem
    elseif not is_over(self) then
      line, problem = read_line(self, most_line_bytes)
      if line ~= "" then
        return nil, problem or { message = "a chunk of the response is longer than its declared length" }
      end
    end
  end
  return true
end

-- Returns how the body is read, and whether its end leaves the connection usable.
local function framing_of(self, head)
  local coding, length, problem = values_of(head, "transfer-encoding"), length_of(head)
  if problem then
    return nil, problem
  elseif head.status == 204 or head.status == 304 then
    return function() return true end, true
  elseif coding ~= "" and coding ~= "chunked" then
    return refuse "the response has a Transfer-Encoding other than chunked"
  elseif coding == "chunked" then
    return read_chunks, length == nil -- with both it is not clear which of the two the server meant
  elseif length then
    return function() return read_bytes(self, length) end, true
  end
  return read_to_end, false
end

--- Yields until the response has been read, or more of it than `max_bytes`.
---@param socket table of nginx's
---@param max_bytes integer of the body
---@param prepare fun() called before each read
---@return table? # response of a transport
---@return boolean|string|table problem for a response whether the connection can be used again
function resty_response.read(socket, max_bytes, prepare)
  local self = {
    socket = socket, max_bytes = max_bytes, prepare = prepare,
    head_bytes = 0, body_bytes = 0, pieces = {}, blocks = {},
  }
  local head, problem = read_final_head(self)
  if not head then
    return nil, problem
  end
  local read, is_reusable = framing_of(self, head)
  if not read then
    return nil, is_reusable
  end
  local fine
  fine, problem = read(self)
  if not fine then
    return nil, problem
  end
  return { status = head.status, headers = head.headers, body = body_of(self) },
    is_reusable and not is_over(self) and keeps_connection(head)
end

return resty_response
