--- Clients that get the response which a target has set.
local ngrok = require "ngrok"

local account = { key = "2example_KEY4tests" }

--- Sets a successful response, and forgets the last attempt.
---@param body string
function account.respond(body)
  account.attempt = nil
  account.response = { status = 200, headers = { ["content-type"] = "application/json" }, body = body }
end

---@return table client
function account.client()
  return assert(ngrok.client {
    api_key = account.key, max_retries = 0, rate_limit = false,
    transport = function(attempt)
      account.attempt = attempt
      return account.response
    end,
  })
end

return account
