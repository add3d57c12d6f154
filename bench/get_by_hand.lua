--- One credential, read again and again without us: FETCH, then the arguments in measure.lua.
local cjson = require "cjson"
local fetch = require "bench.fetch"
local measure = require "bench.measure"

local name, base_url, key, user_agent, path, warm_up, count = ...
local get = fetch[name](key, user_agent)
local url, id = base_url .. path, path:match("[^/]+$")

measure(warm_up, count, function()
  local credential = cjson.decode(get(url))
  return credential.id == id and 1 or 0
end)
