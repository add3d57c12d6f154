--- The face of a client, a service, a listing or a request is the object that programs hold. It has the
-- methods and nothing else. The state is behind it, where no program reads or changes it by accident.
local core = require "ngrok.core"
local error_object = require "ngrok.error"
local usage_error = require "ngrok.usage_error"
local nearest = require "ngrok.nearest"

local proxy = {}

-- The key of a face's state, which only this file has.
local behind = {}

-- Asked of the value, not of its metatable: an object that inherits from a face is one, too.
local function state_of(value, Face)
  local state
  if type(value) == "table" then
    state = value[behind]
  else
    state = core.unbox(value, Face)
  end
  return type(state) == "table" and state.__name == Face.__name and state or nil
end

-- A name may be a key or a token that has slipped into its place.
local function show(state, name)
  return error_object.redact((state.client or state).core, tostring(name))
end

local function names_of(state, Face)
  local names = {}
  for _, from in ipairs { Face.methods, state.services or {} } do
    for name in pairs(from) do
      names[#names + 1] = name
    end
  end
  table.sort(names)
  return names
end

local function raise_unknown(state, Face, name)
  local names = names_of(state, Face)
  local meant = nearest.name(name, names)
  usage_error.raise(("%s has no '%s' (%s)"):format(Face.noun, show(state, name),
    meant and ("did you mean '%s'?"):format(meant) or "there are " .. table.concat(names, ", ")))
end

local function find(state, Face, name)
  local found = Face.methods[name]
  if found == nil and state.services then
    found = state.services[name]
  end
  -- Libraries look for names like "__tostring" in whatever they are given.
  if found == nil and not (type(name) == "string" and name:find("^_")) then
    if Face.raise_unknown then
      Face.raise_unknown(name)
    end
    raise_unknown(state, Face, name)
  end
  return found
end

local function add_methods(Face, State)
  for name, method in pairs(State) do
    if type(method) == "function" and not name:find("^__") then
      Face.methods[name] = method
    end
  end
  usage_error.guard(Face.methods, Face.noun, function(value)
    return state_of(value, Face)
  end)
end

-- Lua calls these with a face of the class and no other value, and a `for` calls one for each item.
local function add_metamethods(Face, State)
  for name, method in pairs(State) do
    if type(method) == "function" and name:find("^__") then
      Face[name] = function(self, first, second) -- more no metamethod gets
        return method(self[behind], first, second)
      end
    end
  end
  function Face.__index(self, name)
    if name == behind then
      return core.unbox(self, Face)
    end
    return find(state_of(self, Face), Face, name)
  end
  function Face.__newindex(self, name)
    usage_error.raise(("%s.%s cannot be assigned: %s"):format(Face.noun, show(state_of(self, Face), name),
      Face.how_to_change and Face.how_to_change(name) or "keep what is yours in a table of your own"))
  end
end

--- Gives a class its face. Call it when the class has all its methods.
---@param State table the class of the state: what has no "__" before its name is a method for programs
---@param words table `noun`: what programs call such an object; `how_to_change(name)`: returns what to do
--- instead of assigning to that name, or nil; `raise_unknown(name)`: may raise a better message for a name
--- that does not exist; `boxed`: whether the length operator and `ipairs` must ask the metatable on every Lua
function proxy.define(State, words)
  local Face = {
    __name = State.__name, methods = {}, noun = words.noun, boxed = words.boxed,
    how_to_change = words.how_to_change, raise_unknown = words.raise_unknown,
  }
  add_methods(Face, State)
  add_metamethods(Face, State)
  State.Face = Face
end

--- The face of an object: the same one each time.
---@param state table with the class's metatable; its `services`, if it has any, can be read like methods
---@return any
function proxy.of(state)
  local made = state.face
  if not made then
    local Face = state.Face
    made = Face.boxed and core.box(state, Face) or setmetatable({ [behind] = state }, Face)
    state.face = made
  end
  return made
end

--- What stands behind a face. For specs.
---@param value any
---@return table state
function proxy.target(value)
  return value[behind]
end

--- The methods that a face has for programs. For specs.
---@param value any
---@return table methods by name
function proxy.methods(value)
  return proxy.target(value).Face.methods
end

return proxy
