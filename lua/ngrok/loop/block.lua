--- For a plain script, which has no event loop: a call that waits steps the client.
local suspension = require "ngrok.loop.suspension"

local block = {
  -- A callback's error belongs to the program that set it, and that is the one calling us.
  raises = true,
}

--- Returns once the request is done.
---@param client table
---@param request table
function block.wait(client, request)
  local running = coroutine.running()
  local run = running and suspension.workers[running]
  repeat
    if run then
      run:wait(client, request)
    else
      client:advance(math.huge, request.calls_back)
    end
  until request:done()
end

--- Work has appeared on an idle client. The program steps it, or waits for it, when it likes.
function block.watch() end

--- Runs a function in a new coroutine.
---@param fn function
---@return boolean # whether it went well so far
---@return any err
function block.spawn(fn)
  return coroutine.resume(coroutine.create(fn))
end

return block
