--- An adapter that the program brings. It gets proxies, as programs do.
local proxy = require "ngrok.proxy"

--- A loop that the program provides; see docs/loops.md.
---@class ngrok.Loop
---@field wait fun(client: ngrok.Client, request: ngrok.Request) returns once the request is done
---@field watch fun(client: ngrok.Client) called when there is something to do, now or later
---@field spawn fun(fn: fun()): boolean, any runs a function in a coroutine; false and its error
---@field refusal? fun(client: ngrok.Client): string? says why a call cannot wait where it is called
---@field callback_refusal? fun(client: ngrok.Client): string? says why no callback set here would be called
---@field release? fun(client: ngrok.Client) called before the client's descriptor is closed
---@field report? fun(text: string) shows an error that no other code handles
---@field raises? boolean whether a step raises callbacks' errors

local adapter = {}

-- The functions of an adapter that get a client.
local takes_client = { watch = true, refusal = true, callback_refusal = true, release = true }

--- Wraps the program's adapter, so that we can call it with our own objects.
---@param given ngrok.Loop
---@return table
function adapter.new(given)
  return setmetatable({}, {
    __index = function(_, name)
      local found = given[name]
      if found ~= nil and name == "wait" then
        return function(client, request)
          repeat
            found(proxy.of(client), proxy.of(request))
          until request:done()
        end
      elseif found ~= nil and takes_client[name] then
        return function(client)
          return found(proxy.of(client))
        end
      end
      return found
    end,
  })
end

return adapter
