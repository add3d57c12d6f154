-- Responses to a create and to a list.
local account = require "account"
local cjson = require("cjson").new()
local core = require "ngrok.core"
local ngrok = require "ngrok"

cjson.decode_invalid_numbers(false)

local credentials = account.client().credentials
local strings = { "uri", "created_at", "description", "metadata", "token", "owner_id" }

-- What we take as JSON, cjson takes, too; not the other way round.
local function decode(text)
  local fine, value = pcall(cjson.decode, text)
  if core.decode(text) == nil then
    return fine and value == cjson.null, cjson.null
  end
  assert(fine, "this is not JSON")
  return true, value
end

local function is_absent(value)
  return value == nil or value == cjson.null
end

local function is_list_of_strings(value)
  local count = 0
  for key, item in pairs(value) do
    count = count + 1
    if type(key) ~= "number" or type(item) ~= "string" then
      return false
    end
  end
  return count == #value
end

local function is_credential(value)
  if type(value) ~= "table" or type(value.id) ~= "string" or value.id == "" then
    return false
  end
  for _, name in ipairs(strings) do
    if not is_absent(value[name]) and type(value[name]) ~= "string" then
      return false
    end
  end
  return is_absent(value.acl) or type(value.acl) == "table" and is_list_of_strings(value.acl)
end

local function holds(left, right)
  for key, value in pairs(right) do
    if is_absent(left[key]) and not is_absent(value) then
      return false
    end
  end
  return true
end

-- A null counts as absent.
local function same(left, right)
  if type(left) ~= "table" or type(right) ~= "table" then
    return left == right or is_absent(left) and is_absent(right)
  end
  for key, value in pairs(left) do
    if not same(value, right[key]) then
      return false
    end
  end
  return holds(left, right)
end

local function has_null(value)
  if type(value) ~= "table" then
    return value == cjson.null
  end
  for _, item in pairs(value) do
    if has_null(item) then
      return true
    end
  end
  return false
end

local function may_be_shown(id)
  return #id <= 128 and core.is_id(id) and core.redact(account.key, id) == id
end

local function check_reading(made, value)
  local fields = made:totable()
  value.acl = not is_absent(value.acl) and value.acl or {} -- absent rules are none
  assert(same(fields, value), "its fields differ from the response's")
  assert(not has_null(fields), "a null shows")
  assert(same(cjson.decode(made:tojson()), value), "its JSON differs from the response's")
  for name, item in pairs(value) do
    local read = made[name]
    assert(type(read) == "function" or same(read, item) and read ~= cjson.null)
  end
  assert(tostring(made) == "ngrok.credential" .. (may_be_shown(value.id) and ": " .. value.id or ""))
end

local function check_nothing_changes(made, value)
  made:totable().id, made:totable().acl[1], made.acl[1] = "changed", "changed", "changed"
  assert(not pcall(function() made.id = "changed" end), "a field was assigned")
  assert(made.id == value.id and same(made.acl, value.acl), "a change to a copy shows")
end

-- A field that was read can be sent, and is the same then.
local function check_writing(made)
  local given = { description = made.description, metadata = made.metadata, acl = made.acl }
  account.respond('{"id":"cr_1"}')
  local created, err = credentials:create(given, { validate = false })
  if created then
    assert(core.is_utf8(account.attempt.body), "the request's body is not UTF-8")
    assert(same(cjson.decode(account.attempt.body), given), "the request's body differs from the attributes")
  else
    assert(err.kind == "invalid" and err.message:find("UTF%-8"), err.message)
    assert(not account.attempt, "a refused request was sent")
  end
end

-- A message shows nothing of the response, which may have a token.
local function check_error(err)
  assert(ngrok.is_error(err))
  assert(err.kind == "decode" and err.phase == "decode" and err.outcome == "unknown")
  local message = err.message:gsub("%d+ bytes", "N bytes")
  assert(message:find("^unexpected response: [%a_,: ]+$")
    or message:find("^next_page_uri [%w,:/' ]+$")
    or message == "the response is not valid JSON (an empty body)"
    or message == "the response is not valid JSON (N bytes of application/json)", message)
end

local function check_one(text, is_json, value)
  account.respond(text)
  local made, err = credentials:create()
  if is_json and is_credential(value) then
    check_reading(assert(made), value)
    check_nothing_changes(made, value)
    check_writing(made)
  else
    assert(not made, "a credential was made of something else")
    check_error(err)
  end
end

local function check_page(text)
  local body = '{"credentials":[' .. text .. "," .. text .. "]}"
  local is_json, page = decode(body)
  account.respond(body)
  local items, err = credentials:list({ prefetch = false }):all()
  if not items then
    return check_error(err)
  end
  assert(is_json and #items == #page.credentials)
  for index, made in ipairs(items) do
    check_reading(made, page.credentials[index])
  end
end

return function(text)
  local is_json, value = decode(text)
  check_one(text, is_json, value)
  check_page(text)
end
