--- Coroutines that sleep until a request is done. For loops that have no sleep of their own: whoever
-- steps the client wakes them.
local core = require "ngrok.core"

local suspension = {}

local obstacle = "Lua cannot wait inside require, table.sort and other functions of C: call it outside of "
  .. "them, or pass on_done, or wait = false"

--- Whether the running function can be suspended: not the main program, and, where Lua tells, not
-- inside `require`, `table.sort` and other C functions that call Lua.
-- @treturn boolean
function suspension.possible()
  local possible = core.can_yield()
  if possible ~= nil then
    return possible
  end
  local running, is_main = coroutine.running()
  return running ~= nil and not is_main
end

--- Why nobody can wait where this is called, if so.
-- @tparam ?string outside what to say where no coroutine is running
-- @treturn ?string
function suspension.refusal(outside)
  if suspension.possible() then
    return nil
  end
  local running, is_main = coroutine.running()
  return (running == nil or is_main) and outside or obstacle
end

--- Returns once the request is done. Others may resume the coroutine meanwhile, as schedulers do that
-- resume all of theirs each frame: it goes back to sleep.
-- @tparam table client
-- @tparam table request
-- @tparam ?function run calls a function where the coroutine may go on (default: at once)
function suspension.wait(client, request, run)
  local sleeper, asleep = coroutine.running(), true
  local function resume()
    if not asleep or coroutine.status(sleeper) ~= "suspended" then
      return
    end
    local fine, err = coroutine.resume(sleeper)
    if not fine then
      client:report(err)
    end
  end
  request:notify(run and function() run(resume) end or resume)
  while not request:done() do
    coroutine.yield()
  end
  asleep = false
end

return suspension
