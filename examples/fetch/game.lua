--- A script in a game whose engine offers `fetch(url, options, callback)` and calls the script once a frame.
-- Each player gets a credential for a box; no frame waits for the network, and no libcurl is loaded.
--
--   NGROK_BASE_URL=http://127.0.0.1:4040 NGROK_API_KEY=… lua5.4 game.lua ada grace edsger
--
-- Prints a line per player: the name, the credential's id, the token.
local ngrok = require "ngrok"

if #arg == 0 then
  io.stderr:write("usage: game.lua NAME ...\n")
  os.exit(2, true)
end

local here = arg[0]:match "^(.*/)" or "./"
local host = dofile(here .. "host.lua")
local transport_of = dofile(here .. "transport.lua")

-- "tick": calls in a coroutine suspend it until a `client:step(0)` of the frame with the response.
local client = assert(ngrok.client { loop = "tick", transport = transport_of(host.fetch) })

local playing, failed = #arg, false

local function welcome(name)
  local credential, err = client.credentials:create {
    description = "box of " .. name,
    acl = { ("bind:%s.boxes.example.com"):format(name) },
  }
  if credential then
    print(name, credential.id, credential.token)
  else
    io.stderr:write(name, ": ", tostring(err), "\n")
    failed = true
  end
  playing = playing - 1
end

for _, name in ipairs(arg) do
  assert(coroutine.resume(coroutine.create(welcome), name))
end

host.run(function()
  client:step(0)
  return playing > 0
end)
client:close()
os.exit(failed and 1 or 0, true)
