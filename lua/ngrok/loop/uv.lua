--- The loop of libuv: Neovim's own, or luv's. In Neovim everything is delivered where its API may be
-- called.
local block = require "ngrok.loop.block"
local suspension = require "ngrok.loop.suspension"

local editor = rawget(_G, "vim")
local uv = editor and (editor.uv or editor.loop) or require "luv"

local loop = { spawn = block.spawn }

local function close_handles(client)
  local watch = client.watching[loop]
  client.watching[loop] = nil
  for _, handle in pairs(watch and { watch.poll, watch.timer } or {}) do
    handle:stop()
    handle:close()
  end
end

local serve

-- With a descriptor its own alarm tells of time, too; without one a timer does.
local function arm(client, watch)
  if watch.poll then
    watch.poll:start("r", watch.on_event)
    return
  end
  local seconds = client:timeout()
  if seconds then
    watch.timer:start(math.ceil(seconds * 1e3), 0, watch.on_event)
  else
    watch.timer:stop()
  end
end

local function disarm(watch)
  (watch.poll or watch.timer):stop()
end

-- What holds the loop open and the client alive goes as soon as nothing is under way.
function serve(client, watch)
  if client.watching[loop] ~= watch then
    return
  end
  watch.scheduled = false
  client:advance(0)
  if client.watching[loop] ~= watch then
    return
  elseif client:pending() == 0 then
    close_handles(client)
  else
    arm(client, watch)
  end
end

-- The editor's API is out of reach in an event of the loop. Until the editor gets round to it, the
-- descriptor stays readable, and would be told of again and again.
local function make_on_event(client, watch)
  if not editor then
    return function()
      serve(client, watch)
    end
  end
  local function serve_later()
    serve(client, watch)
  end
  return function()
    if not watch.scheduled then
      watch.scheduled = true
      disarm(watch)
      editor.schedule(serve_later)
    end
  end
end

local function begin_watch(client)
  local descriptor = client:pollfd()
  local watch = { descriptor = descriptor }
  if descriptor then
    watch.poll = uv.new_poll(descriptor)
  else
    watch.timer = uv.new_timer()
  end
  watch.on_event = make_on_event(client, watch)
  client.watching[loop] = watch
  arm(client, watch)
end

--- Work has appeared.
-- @tparam table client
function loop.watch(client)
  local watch = client.watching[loop]
  if client:pending() == 0 then
    return
  elseif not watch then
    begin_watch(client)
  elseif watch.timer and not watch.scheduled then
    arm(client, watch)
  end
end

--- Returns once the request is done; other coroutines and the loop go on meanwhile.
-- @tparam table client
-- @tparam table request
function loop.wait(client, request)
  loop.watch(client)
  suspension.wait(client, request)
end

--- Why nobody can wait here, if so.
-- @treturn ?string
function loop.refusal()
  if not suspension.possible() then
    return ("waiting here would %s: call it in a coroutine, or pass on_done, or wait = false")
      :format(editor and "freeze the editor" or "stop the loop")
  end
end

--- The client's descriptor is about to be closed.
-- @tparam table client
loop.release = close_handles

if editor then
  --- Tells the user of an error that nobody handles.
  -- @tparam string text
  function loop.report(text)
    editor.schedule(function()
      editor.notify(text, editor.log.levels.ERROR)
    end)
  end
end

return loop
