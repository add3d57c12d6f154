--- A game server's loop at 60 frames a second. Each player who joins gets a credential for the box that
-- serves them, and loses it on leaving; the world goes on meanwhile, for no frame waits for the network.
--
--   NGROK_API_KEY=… lua5.4 server.lua ada grace edsger
--
-- The frames come from luv's timer here; in a game they come from the game.
local ngrok = require "ngrok"
local uv = require "luv"

if #arg == 0 then
  io.stderr:write("usage: server.lua NAME ...\n")
  os.exit(2, true)
end

local frame_ms, frames_of_a_visit = 1000 / 60, 30

-- "tick": the client does its work in `client:step(0)`, and calls in a coroutine suspend it until then.
local client = assert(ngrok.client { loop = "tick" })

local world = { frame = 0, players = {}, failed = false }

local function say(...)
  print(("frame %d:"):format(world.frame), ...)
end

local function fail(player, err)
  say(player.name, "failed:", err)
  player.gone, world.failed = true, true
end

-- From joining to leaving, in a coroutine: it reads as if it waited.
local function serve(player)
  local credential, err = client.credentials:create {
    description = "box of " .. player.name,
    acl = { ("bind:%s.boxes.example.com"):format(player.name) },
  }
  if not credential then
    return fail(player, err)
  end
  say(player.name, "plays on", credential.id) -- here credential.token would go to the box
  player.leaves_at = world.frame + frames_of_a_visit
  while world.frame < player.leaves_at do
    coroutine.yield() -- until the next frame
  end
  local deleted
  deleted, err = credential:delete()
  if not deleted then
    return fail(player, err)
  end
  say(player.name, "has left")
  player.gone = true
end

local function join(name)
  local player = { name = name }
  player.life = coroutine.create(serve)
  world.players[#world.players + 1] = player
  assert(coroutine.resume(player.life, player))
end

-- The client resumes those that wait for it; the world resumes all others, and those once more, which does
-- no harm: a call that has no response yet goes back to sleep.
local function move_players()
  for index = #world.players, 1, -1 do
    local player = world.players[index]
    if coroutine.status(player.life) == "suspended" then
      assert(coroutine.resume(player.life))
    end
    if player.gone then
      table.remove(world.players, index)
    end
  end
end

local timer, began = uv.new_timer(), uv.now()

-- luv counts whole milliseconds, and 60 frames a second do not: each frame is due by the clock, so that no
-- rounding adds up.
local function wait_for(frame, fn)
  local due = began + math.floor(frame * frame_ms + 0.5)
  timer:start(math.max(due - uv.now(), 0), 0, fn)
end

local function play_frame()
  world.frame = world.frame + 1
  client:step(0)
  move_players()
  local name = table.remove(arg, 1)
  if name then
    join(name)
  elseif #world.players == 0 then
    timer:close()
    client:close()
    return
  end
  wait_for(world.frame + 1, play_frame)
end

wait_for(1, play_frame)
uv.run()
os.exit(world.failed and 1 or 0, true)
