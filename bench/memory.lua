--- memory.lua: prints what our objects take, in bytes as Lua counts them, a line each: NAME BYTES.
local cjson = require "cjson"
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"
local responses = require "bench.responses"

local account = emulator.new { seed = 1 }
account:seed(1000, responses.device)

local function new_client(transport)
  return assert(ngrok.client {
    api_key = account.api_key, transport = transport or account, rate_limit = false,
  })
end

local function lua_bytes()
  collectgarbage()
  collectgarbage()
  return collectgarbage("count") * 1024
end

-- `make` returns what is kept while it is measured, which is `count` of the kind.
local function report(name, count, make)
  make() -- what is loaded or cached by a first one
  local before = lua_bytes()
  local kept = make()
  local bytes = (lua_bytes() - before) / count
  print(("%s %.1f"):format(name, bytes))
  return kept
end

local client = new_client()

report("credential", 1000, function()
  return assert(client.credentials:list({ prefetch = false }):all())
end)

report("credential-cjson", 1000, function()
  local kept, query = {}, ""
  repeat
    local page = cjson.decode(account:request({
      method = "GET", path = "/credentials", query = query,
      headers = { authorization = "Bearer " .. account.api_key, ["ngrok-version"] = "2" },
    }).body)
    for _, one in ipairs(page.credentials) do
      kept[#kept + 1] = one
    end
    query = page.next_page_uri ~= cjson.null and page.next_page_uri:match "%?(.*)"
  until not query
  return kept
end)

report("walked", 1000, function()
  for _ in client.credentials:list({ prefetch = false }) do end
end)

report("client", 100, function()
  local kept = {}
  for index = 1, 100 do
    kept[index] = new_client()
  end
  return kept
end)

report("client-with-service", 100, function()
  local kept = {}
  for index = 1, 100 do
    kept[index] = new_client()
    assert(kept[index].credentials)
  end
  return kept
end)

report("request", 1000, function()
  local kept = { new_client(function() end) }
  for index = 1, 1000 do
    kept[index + 1] = kept[1].credentials:get("cr_1", { wait = false })
  end
  return kept
end)
