--- The responses that the server gives: what the emulator says, asked once.
local emulator = require "ngrok.emulator"

local responses = {}

local credentials = 10000
local key = "2TMGGLXxLBLHqYFHKtuN0SkbqHp_5JsFk4rfMHdTH7B96qRVD" -- of the emulator's making: opens nothing

--- What a credential has, as in the API's own examples.
---@param number integer
---@return table
function responses.device(number)
  return {
    description = ("device #%d"):format(number),
    metadata = ('{"device_id": "d5111ba7-0cc5-4ba3-8398-%012x"}'):format(number),
    acl = { ("bind:%d.devices.example.com"):format(number), "bind:*.shared.example.com" },
  }
end

local function ask(account, path, query)
  local response = account:request {
    method = "GET", path = path, query = query,
    headers = { authorization = "Bearer " .. key, ["ngrok-version"] = "2" },
  }
  assert(response.status == 200, response.body)
  return response.body
end

--- Makes the responses.
---@param base_url string where they will be
---@return table `key`, `path` of one credential with its `body`, `pages` from before_id to body (the
---   first page's is ""), `page_count`, `credentials` how many there are
function responses.make(base_url)
  local account = emulator.new { base_url = base_url, api_key = key, seed = 1 }
  account:seed(credentials, responses.device)
  local pages, page_count, before_id, query = {}, 0, "", nil
  repeat
    local body = ask(account, "/credentials", query)
    pages[before_id], page_count = body, page_count + 1
    query = body:match('"next_page_uri":"[^"]*%?([^"]*)"')
    before_id = query and query:match("before_id=([^&]+)")
  until not query
  local path = "/credentials/" .. pages[""]:match('"id":"([^"]+)"')
  return {
    key = key, credentials = credentials, pages = pages, page_count = page_count,
    path = path, body = ask(account, path),
  }
end

return responses
