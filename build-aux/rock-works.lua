-- rock-works.lua EXAMPLES INTERPRETER: run with an installed tree alone on its paths. Loads each part of the
-- rock, makes a round trip that needs no server, and has the examples make one that does.

local examples, interpreter = arg[1], arg[2]

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

-- What each example needs besides the rock, how it is called, and what it prints.
local token = "alpha\tcr_%w+\t%w+_%w+\n"
local programs = {
  { path = "script/provision", arguments = "alpha", prints = "^" .. token .. "$" },
  { path = "fetch/game", arguments = "alpha", prints = "^" .. token .. "$" },
  { path = "cqueues/service", needs = "cqueues", arguments = "alpha", prints = "^" .. token .. "$" },
  { path = "tick/server", needs = "luv", arguments = "alpha", prints = "plays on\tcr_%w+\n.*has left\n" },
  { path = "luv/expire", needs = "luv", arguments = "30", prints = "^$" },
}

local server = assert(emulator.start())
for _, program in ipairs(programs) do
  if not program.needs or pcall(require, program.needs) then
    local pipe = assert(io.popen(("NGROK_BASE_URL='%s' NGROK_API_KEY='%s' '%s' '%s/%s.lua' %s 2>&1"):format(
      server.base_url, server.api_key, interpreter, examples, program.path, program.arguments)))
    local printed = pipe:read("*a")
    pipe:close()
    assert(printed:find(program.prints), program.path .. " printed: " .. printed)
  end
end
server:stop()
