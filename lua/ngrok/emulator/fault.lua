--- How the emulator misbehaves when it is told to: descriptions of faults, kept in a queue.
-- A description is plain data, so that it can cross to another process. This file decides what
-- a response becomes; whether bytes are cut or a connection is reset is for the host to do.
local json = require "ngrok.emulator.json"
local time = require "ngrok.emulator.time"
local usage = require "ngrok.emulator.usage"

local fault = {}
fault.__index = fault

local formats = { json = true, html = true, none = true }

-- For every kind: the keys that only it takes; whether the request is carried out all the same,
-- which a description can change with `processed`; and whether not even a status is answered.
local kinds = {
  delay = { keys = { seconds = "number" }, processed = true },
  status = {
    keys = {
      status = "status from 200 to 999", retry_after = "number or string", format = formats,
      message = "string", code = "string",
    },
  },
  reset_before = { keys = {}, silent = true },
  reset_after = { keys = {}, processed = true, silent = true },
  truncate = { keys = { at = "whole number" }, processed = true },
  oversize = { keys = { bytes = "whole number" }, processed = true },
  content_type = { keys = { content_type = "string" }, processed = true },
  html = { keys = { status = "status from 200 to 999" }, processed = true },
  invalid_json = { keys = {}, processed = true },
  deep_json = { keys = { depth = "whole number" }, processed = true },
  empty = { keys = { status = "status from 200 to 999" }, processed = true },
  body = { keys = { status = "status from 200 to 999", headers = "table", body = "string" } },
  hang = { keys = {}, silent = true },
  next_page_uri = { keys = { uri = "string" }, processed = true },
}

-- What every kind takes.
local common_keys = {
  kind = "string",
  count = "number",
  after = "number",
  method = "string",
  path = "string",
  processed = "boolean",
}

for _, kind in pairs(kinds) do
  for key, expected in pairs(common_keys) do
    kind.keys[key] = expected
  end
end

local function check(description)
  if type(description) ~= "table" then
    usage.raise("a fault must be a table with a kind, got %s", type(description))
  elseif description.kind == nil then
    usage.raise("a fault needs a kind (there are %s)", usage.names(kinds))
  elseif not kinds[description.kind] then
    usage.raise("unknown kind of fault %s (there are %s)", usage.shown(description.kind), usage.names(kinds))
  end
  usage.check(description, kinds[description.kind].keys, "a fault of kind " .. description.kind)
end

--- Checks a description and makes it plain data.
---@param description table `kind`, and what the kind takes:
---   delay `seconds`; status `status` (default 503), `retry_after` (seconds or text), `format`
---   ("json", "html", "none"), `message`, `code`; truncate `at` bytes (default half); oversize `bytes`;
---   content_type `content_type`; html `status`; deep_json `depth`; empty `status`; body `status`,
---   `headers`, `body`; next_page_uri `uri` (default: the same page again).
---   Every kind: `count` requests (default 1, math.huge for ever), `after` requests let through first,
---   `method` and `path` it is for (default all), `processed` whether the request is carried out
---@return table plain copy
--- Raises: a message that names what is wrong
function fault.describe(description)
  check(description)
  local copy = {}
  for key, value in pairs(description) do
    copy[key] = value
  end
  -- JSON has no infinity.
  if copy.count == math.huge then
    copy.count, copy.forever = nil, true
  end
  return copy
end

--- Makes an empty queue.
---@return table queue
function fault.queue()
  return setmetatable({ waiting = {} }, fault)
end

--- Adds a fault.
---@param description table from `describe`
function fault:add(description)
  local left = description.forever and math.huge or description.count or 1
  local entry = { description = description, left = left, skip = description.after or 0 }
  if entry.left > 0 then
    table.insert(self.waiting, entry)
  end
end

local function concerns(description, request)
  return (not description.method or description.method == request.method)
    and (not description.path or description.path == request.path)
end

local function spend(waiting, position)
  local entry = waiting[position]
  entry.left = entry.left - 1
  if entry.left <= 0 then
    table.remove(waiting, position)
  end
  return entry.description
end

--- Takes the fault that a request meets: the oldest one that concerns it.
---@param request table
---@return table? description
function fault:take(request)
  for position, entry in ipairs(self.waiting) do
    if concerns(entry.description, request) then
      entry.skip = entry.skip - 1
      if entry.skip < 0 then
        return spend(self.waiting, position)
      end
    end
  end
end

--- Says whether a request is carried out although it meets a fault.
---@param description table
---@return boolean
function fault.is_processed(description)
  if description.processed ~= nil then
    return description.processed
  end
  return kinds[description.kind].processed == true
end

--- Says whether the client gets no response at all, not even a status.
---@param description table
---@return boolean
function fault.is_silent(description)
  return kinds[description.kind].silent == true
end

local page = "<!DOCTYPE html>\n<html><head><title>%d</title></head><body><h1>Not the API</h1></body></html>\n"

local function replace(response, status, content_type, body)
  local operation_id = response.headers["ngrok-operation-id"]
  local headers = { ["content-type"] = content_type, ["ngrok-operation-id"] = operation_id }
  return { status = status, headers = headers, body = body }
end

local function error_body(description, status)
  return json.object {
    { "error_code", description.code and json.string(description.code) },
    { "status_code", ("%d"):format(status) },
    { "msg", json.string(description.message or "The emulator was told to respond so.") },
    { "details", json.object { { "operation_id", json.string("op_emulated") } } },
  }
end

local changes = {}

function changes.status(description, response)
  local status, format = description.status or 503, description.format or "json"
  local changed
  if format == "json" then
    changed = replace(response, status, "application/json", error_body(description, status))
  elseif format == "html" then
    changed = replace(response, status, "text/html", page:format(status))
  else
    changed = replace(response, status, nil, "")
  end
  local retry_after = description.retry_after
  changed.headers["retry-after"] = type(retry_after) == "number" and time.decimal(retry_after)
    or retry_after
  return changed
end

function changes.oversize(description, response)
  local body = '{"padding":"' .. ("x"):rep((description.bytes or 2 ^ 25) - 14) .. '"}'
  return replace(response, response.status, "application/json", body)
end

function changes.content_type(description, response)
  return replace(response, response.status, description.content_type or "text/plain", response.body)
end

function changes.html(description, response)
  local status = description.status or 200
  return replace(response, status, "text/html", page:format(status))
end

function changes.invalid_json(_, response)
  return replace(response, response.status, "application/json", '{"id":"cr_1","acl":[}')
end

function changes.deep_json(description, response)
  local depth = description.depth or 10000
  local body = '{"id":' .. ("["):rep(depth) .. ("]"):rep(depth) .. "}"
  return replace(response, response.status, "application/json", body)
end

function changes.empty(description, response)
  return replace(response, description.status or response.status, "application/json", "")
end

function changes.body(description, response)
  local changed = replace(response, description.status or 200, "application/json", description.body or "")
  for name, value in pairs(description.headers or {}) do
    changed.headers[name:lower()] = value
  end
  return changed
end

function changes.next_page_uri(description, response, own_uri)
  -- The list ends with this member, and inside a string its quotes would be escaped.
  local start = response.body:find(',"next_page_uri":', 1, true)
  if not start then
    return response
  end
  local uri = json.string(description.uri or own_uri)
  local body = response.body:sub(1, start) .. '"next_page_uri":' .. uri .. "}"
  return replace(response, response.status, "application/json", body)
end

--- Changes a response.
---@param description table
---@param response table what the account answered, or an empty 200
---@param own_uri string URI of the request itself
---@return table response
function fault.change(description, response, own_uri)
  local change = changes[description.kind]
  return change and change(description, response, own_uri) or response
end

return fault
