--- libuv's loop, as Neovim and luv have it.
local editor = rawget(_G, "vim")
local uv = editor and (editor.uv or editor.loop) or require "luv"

local host = { loop = "uv" }

-- Where the editor's API may be called, as a plugin would have it.
local function outside_of_events(fn)
  return editor and editor.schedule_wrap(fn) or fn
end

local function resume(thread)
  assert(coroutine.resume(thread))
end

function host.go(fn)
  resume(coroutine.create(fn))
end

function host.sleep(seconds)
  local thread, timer = coroutine.running(), uv.new_timer()
  timer:start(math.floor(seconds * 1e3), 0, outside_of_events(function()
    timer:close()
    resume(thread)
  end))
  coroutine.yield()
end

function host.every_millisecond(fn)
  local timer = uv.new_timer()
  timer:start(1, 1, fn)
  return function() timer:close() end
end

function host.run(fn)
  if not editor then
    host.go(fn)
    uv.run()
    return
  end
  host.go(function()
    fn()
    editor.cmd "qa!"
  end)
end

return host
