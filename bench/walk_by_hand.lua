--- A walk over all credentials without us: FETCH, then the arguments in measure.lua.
local cjson = require "cjson"
local fetch = require "bench.fetch"
local measure = require "bench.measure"

local name, base_url, key, user_agent, path, warm_up, count = ...
local get = fetch[name](key, user_agent)

measure(warm_up, count, function()
  local url, found = base_url .. path, 0
  while url ~= cjson.null do
    local page = cjson.decode(get(url))
    for _, credential in ipairs(page.credentials) do
      found = found + (credential.id and 1 or 0)
    end
    url = page.next_page_uri
  end
  return found
end)
