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

-- Those below are measured with PEERS=1.

--- LuaSocket, and LuaSec for HTTPS. Each request has a connection of its own, as `request` keeps none.
function fetch.luasocket(key, user_agent)
  local ltn12 = require "ltn12"
  return function(url)
    local http = require(url:find "^https" and "ssl.https" or "socket.http")
    local parts = {}
    local fine, status = http.request {
      url = url, sink = ltn12.sink.table(parts),
      headers = { authorization = "Bearer " .. key, ["ngrok-version"] = "2", ["user-agent"] = user_agent },
    }
    assert(fine and status == 200, status)
    return table.concat(parts)
  end
end

--- lua-http, which keeps no connection for `go` either.
fetch["lua-http"] = function(key, user_agent)
  local request = require "http.request"
  return function(url)
    local one = request.new_from_uri(url)
    one.headers:upsert("authorization", "Bearer " .. key)
    one.headers:upsert("ngrok-version", "2")
    one.headers:upsert("user-agent", user_agent)
    local headers, stream = assert(one:go())
    assert(headers:get ":status" == "200")
    local body = stream:get_body_as_string()
    stream:shutdown()
    return body
  end
end

--- The curl command, once for each request.
fetch["curl command"] = function(key, user_agent)
  local command = ("curl -fsS --compressed -A '%s' -H 'Authorization: Bearer %s' -H 'Ngrok-Version: 2' '%%s'")
    :format(user_agent, key)
  return function(url)
    local output = assert(io.popen(command:format(url)))
    local body = output:read "*a"
    output:close()
    return body
  end
end

return fetch
