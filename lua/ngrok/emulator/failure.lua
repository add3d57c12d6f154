--- How the API refuses a request.
-- The numbers and what they mean are from ngrok's error reference
-- (https://ngrok.com/docs/errors/reference), the wording is ours.
local json = require "ngrok.emulator.json"

local failure = {}

-- Where the text shows a key or token, so does ngrok's: clients must be tested against that.
local catalogue = {
  [200] = { 401, "The API needs an Authorization header with an API key." },
  [201] = { 401, "The Authorization header must be Basic or Bearer; it is: %s" },
  [202] = { 401, "This is not an API key, which has the form FIRSTPART_SECONDPART: %s" },
  [203] = { 401, "This API key is well formed but not valid: %s" },
  [206] = { 401, "This is an authtoken, not an API key: %s" },
  [207] = { 401, "This is the id of a tunnel credential, not an API key: %s" },
  [208] = { 401, "This is the id of an API key, not the key itself: %s" },
  [210] = { 400, "The content type %s is not supported." },
  [211] = { 400, "A %s request must not have a body." },
  [213] = { 400, "The request body could not be read as JSON: %s" },
  [214] = { 400, "The request parameter %s is unknown; known ones are: %s" },
  [215] = { 400, "The value of the request parameter %s is not valid: it must be %s." },
  [216] = { 400, "The request has a body but no Content-Type." },
  [217] = { 400, "The API version %s is not supported; supported: 2" },
  [218] = { 400, "The request names no API version; send the header Ngrok-Version: 2" },
  [223] = { 400, "%s is not a valid resource reference." },
  [225] = { 429, "Your account is limited to %d simultaneous API requests." },
  [226] = { 429, "Your account is rate limited to %d API requests per %d seconds." },
  [232] = { 400, "The query must give the parameter %s once only." },
  [233] = { 400, "The limit must be between 1 and 100; it is %s" },
  [244] = { 400, "The limit must be a number between 1 and 100; it is %s" },
  [250] = { 400, "The filter is not a valid CEL expression: %s" },
  [404] = { 404, "There is no %s %s" },
  [600] = { 400, "Not a valid ACL rule (* or bind: and a domain, address or label): %s" },
  [601] = { 400, "The account's own tunnel token %s cannot be deleted, only rotated." },
  [604] = { 400, "A description has at most %d bytes; this one has %d." },
  [605] = { 400, "Metadata has at most %d bytes; this has %d." },
  [606] = { 400, "The update names no value to change." },
  [619] = { 403, "The account may not use ACL rules of this type: %s" },
  [620] = { 402, "The account's plan has no ACL rules for credentials." },
  [630] = { 403, "Only an admin may name a credential's owner." },
  [633] = { 403, "The account may not name a credential's owner." },
  [634] = { 400, "The credential's owner could not be determined: %s" },
  [635] = { 403, "The owner of this API key may not write." },
  [636] = { 400, "The credential's owner is inactive on the account: %s" },
  [637] = { 400, "%s is the default authtoken of a user and cannot be deleted." },
}

--- A refusal by its number.
---@param number number as in ERR_NGROK_218
---@param ... any what the message's places are filled with
---@return table # with `code`, `status` and `message`
function failure.new(number, ...)
  local entry = catalogue[number]
  return {
    code = "ERR_NGROK_" .. number,
    status = entry[1],
    message = entry[2]:format(...),
  }
end

--- A refusal without a number: of a path that does not exist, and where ngrok's number is not known.
---@param status integer
---@param message string
---@return table # with `status` and `message`
function failure.uncoded(status, message)
  return { status = status, message = message }
end

--- The response for a refusal.
---@param refusal table from `new` or `uncoded`
---@param operation_id string such as op_…
---@return table # response with `status`, `headers` and `body`
function failure.response(refusal, operation_id)
  local body = json.object {
    { "error_code", refusal.code and json.string(refusal.code) },
    { "status_code", tostring(refusal.status) },
    { "msg", json.string(refusal.message) },
    { "details", json.object { { "operation_id", json.string(operation_id) } } },
  }
  local headers = { ["content-type"] = "application/json", ["ngrok-operation-id"] = operation_id }
  if refusal.retry_after then
    headers["retry-after"] = tostring(refusal.retry_after)
  end
  return { status = refusal.status, headers = headers, body = body }
end

return failure
