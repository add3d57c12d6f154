--- Coroutines that sleep until a request is done, for loops that have no such sleep. Steps of the client
--- resume them.
local core = require "ngrok.core"
local usage_error = require "ngrok.usage_error"

local suspension = {}

-- PUC Lua 5.1 cannot yield across pcall, metamethods or iterators. In a metamethod this shows only when the
-- yield raises an error.
local is_puc_5_1 = _VERSION == "Lua 5.1" and not rawget(_G, "jit")

local obstacle = ("Lua cannot wait inside require, table.sort and other C functions%s: call it "
  .. "outside them, or pass on_done, or wait = false")
  :format(is_puc_5_1 and " (on Lua 5.1 also pcall and iterators)" or "")

local no_item = "a coroutine that waits for ngrok yields meanwhile, so it "
  .. "cannot be the iterator of a for loop; write an iterator function instead (see docs/loops.md)"

local function refuse()
  usage_error.raise(no_item)
end

-- What a sleeping coroutine yields. A `for` must not mistake it for an item or for the end, so it is not nil,
-- and every use of it raises an error, except what a debugger does. Schedulers know it by its metatable.
local function make_sign()
  local metatable = {
    __metatable = "ngrok.waiting", __name = "ngrok.waiting",
    __tostring = function() return "ngrok.waiting: " .. no_item end,
  }
  local uses = "index newindex call add sub mul div mod pow unm idiv band bor bxor shl shr bnot concat len "
    .. "lt le pairs ipairs"
  for use in uses:gmatch "%a+" do
    metatable["__" .. use] = refuse
  end
  return core.box({}, metatable)
end

local sign = make_sign()

--- By coroutine: the call of `ngrok.each` that it works for. `each` itself waits for what blocks, and its
--- workers cannot wait for anything else where its caller cannot sleep (`cannot_sleep`).
suspension.workers = setmetatable({}, { __mode = "k" })

local function is_stuck(thread)
  local run = thread and suspension.workers[thread]
  return run and run.cannot_sleep
end

--- Why a call cannot wait here, if so.
---@param outside? string what to say where no coroutine is running
---@param try? function suspends the coroutine for a moment: where PUC Lua 5.1 cannot, that raises before
---   anything is sent
---@return string?
function suspension.refusal(outside, try)
  if not core.can_yield() then
    local running, is_main = coroutine.running()
    return (running == nil or is_main) and outside or obstacle
  elseif is_stuck(coroutine.running()) then
    return outside or obstacle
  end
  if is_puc_5_1 and try then
    try()
  end
end

-- Whether a coroutine is suspended in a function. Read from its stack, as a variable would be wrong after an
-- error.
local function sleeps_in(thread, fn)
  if coroutine.status(thread) ~= "suspended" then
    return false
  end
  for level = 0, 2 do
    local frame = debug.getinfo(thread, level, "f")
    if frame and frame.func == fn then
      return true
    end
  end
  return false
end

-- On PUC Lua 5.1 this error cannot be caught to cancel the request.
local consequence = is_puc_5_1 and " (the request may still be carried out)" or ""

-- A `for` passes the last value that its iterator returned back to it.
local function check_resumer(_, control)
  if control == sign then
    usage_error.raise(no_item .. consequence)
  end
end

--- Whether an error is that of a coroutine that waited as the iterator of a `for`.
---@param err any
---@return boolean
function suspension.was_generator(err)
  return type(err) == "string" and err:find(no_item, 1, true) ~= nil
end

--- Returns once the request is done. Others may resume the coroutine meanwhile, as schedulers do that
--- resume all of theirs each frame: it goes back to sleep.
---@param client table
---@param request table
---@param run? function calls a function where the coroutine may go on (default: at once)
--- Raises: where the coroutine is the iterator of a `for`
function suspension.wait(client, request, run)
  local sleeper = coroutine.running()
  local function sleep()
    while not request:done() do
      check_resumer(coroutine.yield(sign))
    end
  end
  local function resume()
    if sleeps_in(sleeper, sleep) then
      local fine, err = coroutine.resume(sleeper)
      local served = suspension.workers[sleeper]
      if not fine and not (served and served:replace(sleeper, err)) then
        client:report(err)
      end
    end
  end
  request:notify(run and function() run(resume) end or resume)
  sleep()
end

--- Returns in the client's next step.
---@param client table
---@param run? function as for `wait`
function suspension.turn(client, run)
  local turn, turned = {}, false
  function turn:done() -- luacheck: ignore self
    return turned
  end
  function turn:notify(resume) -- luacheck: ignore self
    client:defer(function()
      turned = true
      resume()
    end)
  end
  suspension.wait(client, turn, run)
end

return suspension
