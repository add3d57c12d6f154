-- Run with an installed tree alone on its paths: loads each part of the rock and makes one round
-- trip that needs no server.

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
