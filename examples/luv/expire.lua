--- Revokes the credentials that are older than some days, many at a time, on luv's loop.
--
--   NGROK_API_KEY=… lua5.4 expire.lua 30
--
-- Prints a line per credential: its id, when it was created, its description.
local ngrok = require "ngrok"
local uv = require "luv"

local days = tonumber(arg[1])
if not days or days < 1 or days % 1 ~= 0 then
  io.stderr:write("usage: expire.lua DAYS\n")
  os.exit(2, true)
end

-- "uv": a call in a coroutine suspends it, and what else the program has in its loop goes on.
local client = assert(ngrok.client { loop = "uv" })
local failed = false

local function complain(err)
  io.stderr:write(tostring(err), "\n")
  failed = true
end

-- With `on_done` this code does not wait: the client has as many requests in flight as it may.
local function revoke(credential)
  credential:delete { on_done = function(_, err)
    if err then
      complain(err)
    else
      print(credential.id, credential.created_at, credential.description or "")
    end
  end }
end

local function revoke_all()
  local old = client.credentials:list {
    filter = ('obj.created_at < timestamp(time.now).subtract("%dd")'):format(days),
  }
  local credential, err = old:next()
  while credential do
    revoke(credential)
    credential, err = old:next()
  end
  if err then
    complain(err)
  end
end

coroutine.wrap(revoke_all)()
uv.run() -- until nothing is under way
client:close()
os.exit(failed and 1 or 0, true)
