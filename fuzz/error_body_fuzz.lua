--- Error responses: on a line each the status, the content type, the operation's id and Retry-After, then
-- the body.
local account = require "account"
local ngrok = require "ngrok"

local kinds = { api = true, decode = true }
local outcomes = { rejected = true, unknown = true }

local function parse(text)
  local status, content_type, operation_id, retry_after, body =
    text:match("^(%d%d%d)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n(.*)$")
  status = tonumber(status)
  if not status or status < 100 then
    return 400, {}, text
  end
  return status, {
    ["content-type"] = content_type, ["ngrok-operation-id"] = operation_id, ["retry-after"] = retry_after,
  }, body
end

-- Tokens as the API makes them: 27 characters, an underscore, 21.
local function has_token(text)
  for first, second in text:gmatch("(%w+)_%f[%w](%w+)") do
    if #first >= 27 and #second >= 21 then
      return true
    end
  end
  return false
end

local function check_text(text)
  assert(not text:find(account.key, 1, true), "the key shows")
  assert(not has_token(text), "a token shows")
end

-- In an array null keeps its place.
local function check_value(value)
  if type(value) == "string" then
    check_text(value)
  elseif type(value) == "table" then
    for key, item in pairs(value) do
      assert(type(item) ~= "userdata" or type(key) == "number", "a null shows")
      check_value(key)
      check_value(item)
    end
  end
end

local function check_fields(err, status)
  assert(kinds[err.kind] and outcomes[err.outcome] and err.status == status and err.attempts == 1)
  assert(err.kind == "decode" or err.phase == "receive")
  assert(err.operation == "credentials.get")
  assert(type(err.message) == "string" and err.message ~= "")
  assert(err.code == nil or type(err.code) == "string" and err.code ~= "")
  assert(err.operation_id == nil or type(err.operation_id) == "string" and err.operation_id ~= "")
  assert(err.details == nil or type(err.details) == "table")
  assert(err.retry_after == nil or err.retry_after >= 0)
  assert(err:is_not_found() == (status == 404))
  assert(err.code == nil or err:is("ERR_NGROK_0", err.code))
end

local function check_line(err)
  local line = tostring(err)
  assert(line:find("^credentials%.get failed: ") and not line:find("%c"), line)
  check_text(line)
  assert("" .. err == line and err .. "" == line)
end

return function(text)
  local client = account.client() -- a new one, because a response may make a client pause
  local status, headers, body = parse(text)
  account.response = { status = status, headers = headers, body = body }
  local made, err = client.credentials:get("cr_1")
  client:close()
  if made then
    assert(status >= 200 and status < 300)
    return
  end
  assert(ngrok.is_error(err))
  check_fields(err, status)
  check_value(err)
  check_line(err)
end
