--- How the emulator misbehaves: descriptions of faults, kept in a queue. A description is plain data, so that
--- it can cross to another process. This file decides what a response becomes. To cut bytes or to reset a
--- connection is left to the host.
local json = require "ngrok.emulator.json"
local usage = require "ngrok.emulator.usage"
local time = require "ngrok.time"

local fault = {}
fault.__index = fault

local page = "<!DOCTYPE html>\n<html><head><title>%d</title></head><body><h1>Not the API</h1></body></html>\n"

local function replace(response, status, content_type, body)
  local operation_id = response.headers["ngrok-operation-id"]
  local headers = { ["content-type"] = content_type, ["ngrok-operation-id"] = operation_id }
  return { status = status, headers = headers, body = body }
end

local function replace_body(response, body)
  return replace(response, response.status, "application/json", body)
end

local function error_body(description, status)
  return json.object {
    { "error_code", description.code and json.string(description.code) },
    { "status_code", ("%d"):format(status) },
    { "msg", json.string(description.message or "A test asked the emulator for this failure.") },
    { "details", json.object { { "operation_id", json.string("op_emulated") } } },
  }
end

local formats = {
  json = function(description, status) return "application/json", error_body(description, status) end,
  html = function(_, status) return "text/html", page:format(status) end,
  none = function() return nil, "" end,
}

-- For every kind: the keys that only it takes; whether the request is carried out nevertheless, which a
-- description can change with `processed`; whether the client does not even get a status; and what becomes of
-- the response, which is the account's or an empty 200.
local kinds = {
  delay = { keys = { seconds = "number" }, processed = true },
  status = {
    keys = {
      status = "status from 200 to 999", retry_after = "number or string", format = formats,
      message = "string", code = "string",
    },
    change = function(description, response)
      local status, retry_after = description.status or 503, description.retry_after
      local changed = replace(response, status, formats[description.format or "json"](description, status))
      changed.headers["retry-after"] = type(retry_after) == "number" and time.decimal(retry_after)
        or retry_after
      return changed
    end,
  },
  reset_before = { keys = {}, silent = true },
  reset_after = { keys = {}, processed = true, silent = true },
  truncate = { keys = { at = "whole number" }, processed = true },
  oversize = {
    keys = { bytes = "whole number" }, processed = true,
    change = function(description, response)
      return replace_body(response, '{"padding":"' .. ("x"):rep((description.bytes or 2 ^ 25) - 14) .. '"}')
    end,
  },
  content_type = {
    keys = { content_type = "string" }, processed = true,
    change = function(description, response)
      return replace(response, response.status, description.content_type or "text/plain", response.body)
    end,
  },
  html = {
    keys = { status = "status from 200 to 999" }, processed = true,
    change = function(description, response)
      local status = description.status or 200
      return replace(response, status, "text/html", page:format(status))
    end,
  },
  invalid_json = {
    keys = {}, processed = true,
    change = function(_, response) return replace_body(response, '{"id":"cr_1","acl":[}') end,
  },
  deep_json = {
    keys = { depth = "whole number" }, processed = true,
    change = function(description, response)
      local depth = description.depth or 10000
      return replace_body(response, '{"id":' .. ("["):rep(depth) .. ("]"):rep(depth) .. "}")
    end,
  },
  empty = {
    keys = { status = "status from 200 to 999" }, processed = true,
    change = function(description, response)
      return replace(response, description.status or response.status, "application/json", "")
    end,
  },
  body = {
    keys = { status = "status from 200 to 999", headers = "table", body = "string" },
    change = function(description, response)
      local status, body = description.status or 200, description.body or ""
      local changed = replace(response, status, "application/json", body)
      for name, value in pairs(description.headers or {}) do
        changed.headers[name:lower()] = value
      end
      return changed
    end,
  },
  hang = { keys = {}, silent = true },
  next_page_uri = {
    keys = { uri = "string" }, processed = true,
    change = function(description, response, own_uri)
      -- The list ends with this member, and inside a string its quotes would be escaped.
      local start = response.body:find(',"next_page_uri":', 1, true)
      local uri = json.string(description.uri or own_uri)
      return start and replace_body(response, response.body:sub(1, start) .. '"next_page_uri":' .. uri .. "}")
        or response
    end,
  },
}

-- What every kind takes.
local common_keys = {
  kind = "string", count = "number", after = "number", method = "string", path = "string",
  processed = "boolean",
}

for _, kind in pairs(kinds) do
  for key, expected in pairs(common_keys) do
    kind.keys[key] = expected
  end
end

--- Checks a description and makes it plain data.
---@param description ngrok.Fault
---@return table # plain copy
--- Raises: a message that names what is wrong
function fault.describe(description)
  if type(description) ~= "table" then
    usage.raise("a fault must be a table with a kind, got %s", type(description))
  elseif description.kind == nil then
    usage.raise("a fault needs a kind (there are %s)", usage.names(kinds))
  elseif not kinds[description.kind] then
    usage.raise("unknown kind of fault %s (there are %s)", usage.shown(description.kind), usage.names(kinds))
  end
  usage.check(description, kinds[description.kind].keys, "a fault of kind " .. description.kind)
  local copy = {}
  for key, value in pairs(description) do
    copy[key] = value
  end
  if copy.count == math.huge then -- JSON has no infinity
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
  if left > 0 then
    table.insert(self.waiting, { description = description, left = left, skip = description.after or 0 })
  end
end

local function concerns(description, request)
  return (not description.method or description.method == request.method)
    and (not description.path or description.path == request.path)
end

--- Takes the fault that a request meets: the oldest one that concerns it.
---@param request table
---@return table? description
function fault:take(request)
  for position, entry in ipairs(self.waiting) do
    if concerns(entry.description, request) then
      entry.skip = entry.skip - 1
      if entry.skip < 0 then
        entry.left = entry.left - 1
        if entry.left <= 0 then
          table.remove(self.waiting, position)
        end
        return entry.description
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

--- Changes a response.
---@param description table
---@param response table the account's, or an empty 200
---@param own_uri string URI of the request itself
---@return table response
function fault.change(description, response, own_uri)
  local change = kinds[description.kind].change
  return change and change(description, response, own_uri) or response
end

return fault
