--- Programs hold read-only proxies of our clients, services, listings and requests. A proxy has the public
-- methods of its target and the client's services, and nothing else.
local core = require "ngrok.core"
local error_object = require "ngrok.error"
local usage_error = require "ngrok.usage_error"
local nearest = require "ngrok.nearest"

local proxy = {}

-- The key of a proxy's target, which only this file has.
local behind = {}

-- A name may be a key or a token that has slipped into its place.
local function show(target, name)
  return error_object.redact((target.client or target).core, tostring(name))
end

local function raise_unknown(target, Proxy, name)
  local names, services = {}, target.services
  for known in pairs(Proxy.methods) do
    names[#names + 1] = known
  end
  table.sort(names)
  local meant = services and services:nearest(name, names) or not services and nearest.name(name, names)
  names[#names + 1] = services and services:summary()
  usage_error.raise(("%s has no '%s' (%s)"):format(Proxy.noun, show(target, name),
    meant and ("did you mean '%s'?"):format(meant) or "there are " .. table.concat(names, ", ")))
end

local function find_service(target, Proxy, name)
  local found = target.services and target.services:find(name)
  -- Libraries look for names like "__tostring" in whatever they are given.
  if found == nil and not (type(name) == "string" and name:find "^_") then
    if Proxy.raise_unknown then
      Proxy.raise_unknown(name)
    end
    raise_unknown(target, Proxy, name)
  end
  return found
end

-- Lua calls a metamethod with a proxy of the class and at most two other values.
local function metamethod(method)
  return function(self, first, second)
    return method(self[behind], first, second)
  end
end

--- Defines the proxies of a class. Call it when the class has all its public methods and metamethods.
---@param Class table
---@param words table `noun`: what programs call such an object; `how_to_change(name)`: returns what to do
--- instead of assigning to that name, or nil; `raise_unknown(name)`: may raise a better message for a name
--- that does not exist; `boxed`: whether the length operator and `ipairs` must ask the metatable on every Lua
function proxy.define(Class, words)
  local methods = {}
  local Proxy = {
    __name = Class.__name, methods = methods, noun = words.noun, boxed = words.boxed,
    raise_unknown = words.raise_unknown,
  }
  for name, method in pairs(Class) do
    if type(method) == "function" and name:find "^__" then
      Proxy[name] = metamethod(method)
    elseif type(method) == "function" then
      methods[name] = method
    end
  end
  -- Asks the value, not its metatable, because programs may inherit from a proxy.
  usage_error.guard(methods, words.noun, function(value)
    local target
    if type(value) == "table" then
      target = value[behind]
    else
      target = core.unbox(value, Proxy)
    end
    return target and target.Proxy == Proxy and target or nil
  end)
  function Proxy.__index(self, name)
    local method = methods[name]
    if method then
      return method
    elseif name == behind then
      return core.unbox(self, Proxy)
    end
    return find_service(self[behind], Proxy, name)
  end
  function Proxy.__newindex(self, name)
    usage_error.raise(("%s.%s cannot be assigned: %s"):format(words.noun, show(self[behind], name),
      words.how_to_change and words.how_to_change(name) or "keep your own values in another table"))
  end
  Class.Proxy = Proxy
end

--- The proxy of an object: the same one each time.
---@param target table of a class that has proxies; its `services`, if it has any, can be read like methods
---@return any
function proxy.of(target)
  local made = target.proxy
  if not made then
    local Proxy = target.Proxy
    made = Proxy.boxed and core.box(target, Proxy) or setmetatable({ [behind] = target }, Proxy)
    target.proxy = made
  end
  return made
end

--- The object behind a proxy. For specs.
---@param value any
---@return table
function proxy.target(value)
  return value[behind]
end

--- The methods that a proxy has for programs. For specs.
---@param value any
---@return table # methods by name
function proxy.methods(value)
  return proxy.target(value).Proxy.methods
end

return proxy
