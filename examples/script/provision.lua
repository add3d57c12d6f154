--- Gives each device named on the command line a credential that may bind its own domain only.
--
--   NGROK_API_KEY=… lua5.4 provision.lua alpha beta
--
-- Prints a line per device: its name, the credential's id, the token. Save them: the API tells a
-- token once.
local ngrok = require "ngrok"

if #arg == 0 then
  io.stderr:write("usage: provision.lua NAME ...\n")
  os.exit(2, true)
end

-- NGROK_BASE_URL leads to a proxy, or to an emulator in a test.
local client = assert(ngrok.client())

for _, name in ipairs(arg) do
  local credential, err = client.credentials:create {
    description = "device " .. name,
    acl = { ("bind:%s.devices.example.com"):format(name) },
  }
  if not credential then
    io.stderr:write(tostring(err), "\n")
    if err.outcome == "unknown" then
      io.stderr:write("it may exist: look for its description before trying again\n")
    end
    os.exit(1, true)
  end
  print(name, credential.id, credential.token)
end

client:close()
