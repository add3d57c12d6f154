--- Workers in cqueues that share one client: each takes the next device from a queue and provisions it.
--
--   NGROK_API_KEY=… lua5.4 service.lua alpha beta gamma
--
-- Prints a line per device: its name, the credential's id, the token. Save them: the API tells a token once.
local cqueues = require "cqueues"
local ngrok = require "ngrok"

local workers = 4

if #arg == 0 then
  io.stderr:write("usage: service.lua NAME ...\n")
  os.exit(2, true)
end

-- Inside a controller calls suspend their coroutine by themselves: loop = "auto" finds cqueues.
local client = assert(ngrok.client())
local controller = cqueues.new()
local failed = false

local function provision(name)
  local credential, err = client.credentials:create {
    description = "device " .. name,
    acl = { ("bind:%s.devices.example.com"):format(name) },
  }
  if credential then
    print(name, credential.id, credential.token)
  else
    io.stderr:write(name, ": ", tostring(err), "\n")
    failed = true
  end
end

for _ = 1, workers do
  controller:wrap(function()
    local name = table.remove(arg, 1)
    while name do
      provision(name)
      name = table.remove(arg, 1)
    end
  end)
end

assert(controller:loop())
client:close()
os.exit(failed and 1 or 0, true)
