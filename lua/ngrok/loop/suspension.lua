--- Coroutines that sleep until a request is done. For loops that have no sleep of their own: whoever
-- steps the client wakes them.
local suspension = {}

--- Whether the running function can be suspended: not the main program, and, where Lua tells, not
-- inside a sort, a metamethod or whatever else cannot yield.
-- @treturn boolean
function suspension.possible()
  if coroutine.isyieldable then
    return coroutine.isyieldable()
  end
  local running, is_main = coroutine.running()
  return running ~= nil and not is_main
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
