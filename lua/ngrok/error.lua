--- The error object: what went wrong, where, and what became of the request.
local core = require "ngrok.core"
local display = require "ngrok.display"
local usage_error = require "ngrok.usage_error"

local error_object = {}

---@alias ngrok.Kind "invalid"|"timeout"|"transport"|"api"|"decode"|"cancelled"

---@alias ngrok.Phase "validate"|"wait"|"resolve"|"connect"|"tls"|"send"|"receive"|"decode"

---@alias ngrok.Outcome
---| "not_sent" # the server never saw the request
---| "rejected" # the server refused it
---| "unknown" # the server may have carried it out

--- What every operation returns as its second value when it fails.
---@class ngrok.Error
---@field kind ngrok.Kind
---@field phase ngrok.Phase
---@field outcome ngrok.Outcome
---@field message string one sentence; never has the key or a token in it
---@field operation string "credentials.create" and the like
---@field attempts integer how often the request was sent
---@field status? integer HTTP status, where there was a response
---@field code? string "ERR_NGROK_226" and the like (https://ngrok.com/docs/errors/), where the API gave one
---@field operation_id? string what ngrok's support asks for
---@field details? table the API's own; nil where the body has more than 64 KiB
---@field retry_after? number seconds to wait before the next try, by the server or by our own limiter
local Error = {}
Error.__index = Error
Error.__name = "ngrok.error"

--- Whether the API gave one of these error codes.
---@param ... string such as "ERR_NGROK_226"
---@return boolean
function Error:is(...)
  for i = 1, select("#", ...) do
    if self.code ~= nil and self.code == (select(i, ...)) then
      return true
    end
  end
  return false
end

--- Whether the requested object does not exist.
---@return boolean
function Error:is_not_found()
  return self.kind == "api" and self.status == 404
end

--- Whether there were too many requests, as the API says or the client's own limiter: `retry_after` says how
--- long to wait, where that is known.
---@return boolean
function Error:is_rate_limited()
  return self.kind == "api" and self.status == 429
    or self.kind == "timeout" and self.phase == "wait" and self.retry_after ~= nil
end

function Error:__tostring()
  local facts = { self.kind }
  if self.status then
    facts[#facts + 1] = "HTTP " .. self.status
  end
  facts[#facts + 1] = self.code
  facts[#facts + 1] = self.phase
  facts[#facts + 1] = self.outcome
  facts[#facts + 1] = self.operation_id
  local what = table.concat(facts, ", ")
  local text = ("%s failed: %s (%s)"):format(self.operation or "ngrok", self.message, what)
  return display.line(text)
end

function Error.__concat(left, right)
  return tostring(left) .. tostring(right)
end

usage_error.guard(Error)

---@param fields table those of ngrok.Error
---@return ngrok.Error
function error_object.new(fields)
  return setmetatable(fields, Error)
end

---@param value any
---@return boolean # whether it is an error of this library
function error_object.is_error(value)
  return type(value) == "table" and getmetatable(value) == Error
end

--- An input that was refused before anything was sent.
---@param operation? string
---@param message string names the argument and the limit
---@return ngrok.Error
function error_object.invalid(operation, message)
  return error_object.new {
    kind = "invalid", phase = "validate", outcome = "not_sent",
    operation = operation, message = message, attempts = 0,
  }
end

-- Redacts what a server has sent. A closed client has no key to look for, so nothing is shown.
local function redact(client, value, secrets)
  if type(value) == "string" then
    return client:redact(value, secrets) or "[withheld: the client is closed]"
  elseif type(value) ~= "table" then
    return value
  end
  local copy = {}
  for key, item in pairs(value) do
    copy[redact(client, key, secrets)] = redact(client, item, secrets)
  end
  return copy
end

--- Takes the key and tokens out of a text that is our own or the program's, not a server's. Without a client,
--- or with a closed one, the key is known by its look only.
---@param client? userdata the core's
---@param text string
---@return string
function error_object.redact(client, text)
  return client and client:redact(text) or core.redact("", text)
end

--- An id or a code that a server has sent. It is shown as it is, so it must look like one.
---@param client userdata the core's
---@param value any
---@param secrets? string[] that the request has sent
---@return string? shown nil where it may be something else
function error_object.shown_id(client, value, secrets)
  local shown = type(value) == "string" and client:shown_id(value) or nil
  return shown and (not secrets or client:redact(shown, secrets) == shown) and shown or nil
end

local function describe_body(report)
  if report.body_length == 0 then
    return "an empty body"
  end
  return ("%d bytes of %s"):format(report.body_length, report.content_type or "an undeclared type")
end

local redirects = { [301] = true, [302] = true, [303] = true, [307] = true, [308] = true }

local function server_message(report, said)
  if type(said.msg) == "string" and said.msg ~= "" then
    return said.msg
  elseif redirects[report.status] then
    return ("HTTP %d: redirects are not followed, to keep the key from other hosts; check base_url")
      :format(report.status)
  end
  local why = report.body_length > 0 and not report.body and ", too long to be read as an error" or ""
  return ("HTTP %d without a message from the API (%s%s)"):format(report.status, describe_body(report), why)
end

-- With the engine's note on `Retry-After`, if any.
local function api_message(report, said)
  local message = server_message(report, said)
  return report.message and ("%s (%s)"):format(message, report.message) or message
end

-- The body may come from a proxy, so it may be anything.
local function read_api_error(report)
  local said = report.body and core.decode(report.body)
  if type(said) ~= "table" then
    said = {}
  end
  local details = type(said.details) == "table" and said.details or nil
  return {
    code = said.error_code,
    message = api_message(report, said),
    details = details,
    operation_id = details and details.operation_id,
  }
end

--- The error of a request that failed.
---@param client userdata the core's, which knows what to redact
---@param operation string
---@param report table the core's report
---@param secrets? string[] that the request has sent
---@return ngrok.Error
function error_object.from_report(client, operation, report, secrets)
  local said = report.kind == "api" and read_api_error(report) or { message = report.message }
  local message = said.message
    or report.kind == "decode" and ("the response is not valid JSON (%s)"):format(describe_body(report))
    or "out of memory"
  return error_object.new {
    kind = report.kind, phase = report.phase, outcome = report.outcome,
    operation = operation, status = report.status, attempts = report.attempts,
    retry_after = report.retry_after,
    code = error_object.shown_id(client, said.code, secrets),
    -- The words for a cancelled request are our own. Its client may be closed.
    message = report.kind == "cancelled" and message or redact(client, message, secrets),
    details = redact(client, said.details, secrets),
    operation_id = error_object.shown_id(client, report.operation_id, secrets)
      or error_object.shown_id(client, said.operation_id, secrets),
  }
end

--- Raises an error object, but in nginx its text, because nginx's log shows no objects.
---@param err ngrok.Error
function error_object.raise(err)
  if rawget(_G, "ngx") then
    error(tostring(err), 0)
  end
  error(err, 0)
end

return error_object
