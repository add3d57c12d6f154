--- The main job, from end to end: an ngrok account served by nginx on this machine, and the five
-- operations on its tunnel credentials through real HTTP. `make demo` runs it.
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"

local function say(format, ...)
  print(format:format(...))
end

local function mask(token)
  return token:sub(1, 4) .. ("*"):rep(#token - 4)
end

-- The same ids each time, for the picture in README.
local server = assert(emulator.start { seed = 7 })

local function run()
  local trouble
  local client = assert(ngrok.client {
    base_url = server.base_url, api_key = server.api_key,
    on_event = function(event)
      if event.name == "retry" then
        trouble = ("HTTP %d, %.2f s later"):format(event.status, event.seconds)
      end
    end,
  })
  local credentials = client.credentials
  say("An account on %s, seen from %s", server.base_url, jit and jit.version or _VERSION)

  -- Create: the token is shown here and never again.
  local device = assert(credentials:create {
    description = "device alpha",
    metadata = '{"device_id": "d5111ba7"}',
    acl = { "bind:alpha.devices.example.com" },
  })
  say("created   %s  %s  token %s", device.id, device.description, mask(device.token))

  -- Read.
  local again = assert(credentials:get(device.id))
  say("read      %s  acl %s  token %s", again.id, again.acl[1], tostring(again.token))

  -- List: 250 credentials, 100 a page, the next page fetched while this one is worked on.
  server:seed(249)
  local pages, items = 0, 0
  for page in credentials:list():pages() do
    pages, items = pages + 1, items + #page
    local first, last = page[1].description, page[#page].description
    say("listed    page %d: %d credentials, %s to %s", pages, #page, first, last)
  end
  say("listed    %d credentials over %d pages", items, pages)
  assert(items == 250 and pages == 3)

  -- Update, in place; what is not named stays.
  assert(device:update { description = "device alpha-2", acl = {} })
  say("updated   %s  %s  rules left: %d", device.id, device.description, #device.acl)

  -- A server that fails for a moment is asked again.
  server:misbehave { kind = "status", status = 503 }
  assert(device:reload())
  say("retried   after %s", trouble)

  -- Errors are values.
  local _, err = credentials:create { acl = { "listen:alpha.example.com" } }
  say("refused   %s", tostring(err))

  -- Delete.
  assert(device:delete())
  _, err = credentials:get(device.id)
  assert(err:is_not_found())
  say("deleted   %s  (reading it again: HTTP %d)", device.id, err.status)
  client:close()
end

-- Whatever happens, no server is left behind.
local fine, err = pcall(run)
server:stop()
if not fine then
  error(err, 0)
end
