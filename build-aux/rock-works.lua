-- rock-works.lua PROVISION INTERPRETER: run with an installed tree alone on its paths. Loads each part
-- of the rock, makes a round trip that needs no server, and has a user's script make one that does.

local provision, interpreter = arg[1], arg[2]

-- Loading libcurl costs a host memory and a second OpenSSL; it must wait until a client wants it.
local ngrok = require("ngrok")
assert(not package.loaded["ngrok.curl"], "require 'ngrok' has loaded libcurl")

require("ngrok.core")
require("ngrok.curl")
local emulator = require("ngrok.emulator")

local client = assert(ngrok.client({ transport = emulator.new() }))
local created = assert(client.credentials:create({ description = "from a rock" }))
local read = assert(client.credentials:get(created.id))
assert(read.description == "from a rock")
client:close()

local server = assert(emulator.start())
local pipe = assert(io.popen(("NGROK_BASE_URL='%s' NGROK_API_KEY='%s' '%s' '%s' alpha beta 2>&1"):format(
  server.base_url, server.api_key, interpreter, provision)))
local printed = pipe:read("*a")
pipe:close()
local held = server:credentials()
server:stop()
assert(printed:find("^alpha\tcr_%w+\t%w+_%w+\nbeta\tcr_%w+\t%w+_%w+\n$"), printed)
assert(#held == 2 and held[1].description == "device beta")
