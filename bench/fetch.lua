--- How a script gets a response's body without us: each makes a function from URL to body.
local fetch = {}

--- libcurl with as little around it as possible.
function fetch.bare(key, user_agent)
  local bare = require("bench.native").bare(key, user_agent)
  return function(url)
    return bare:get(url)
  end
end

--- The binding that Debian has (package lua-curl), for Lua 5.1 and so for LuaJIT. It raises errors.
fetch["lua-curl"] = function(key, user_agent)
  local curl = require "curl"
  local easy = curl.easy_init()
  local parts
  easy:setopt(curl.OPT_HTTPHEADER, { "Authorization: Bearer " .. key, "Ngrok-Version: 2" })
  easy:setopt(curl.OPT_USERAGENT, user_agent)
  easy:setopt(curl.OPT_WRITEFUNCTION, function(bytes, length)
    parts[#parts + 1] = bytes
    return length
  end)
  return function(url)
    parts = {}
    easy:setopt(curl.OPT_URL, url)
    easy:perform()
    return table.concat(parts)
  end
end

return fetch
