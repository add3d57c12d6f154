--- Raises a mistake of the program, at the program's own line.
local usage_error = {}

-- "@…/ngrok/": the folder of this library. Nil when it was loaded without its path.
local library = debug.getinfo(1, "S").source:match("^(@.*[/\\])usage_error%.lua$")

-- Lua 5.1 shows a tail call as a separate frame.
local function is_ours(info)
  return info.source == "=(tail call)" or library ~= nil and info.source:sub(1, #library) == library
end

--- Raises a message with the position of the first caller outside this library. A fixed level would be wrong,
--- because tail calls remove levels.
---@param message string
--- Raises: always
function usage_error.raise(message)
  local level = 2
  local info = debug.getinfo(level, "S")
  while info and is_ours(info) do
    level = level + 1
    info = debug.getinfo(level, "S")
  end
  error(message, level)
end

-- The name of a class without "ngrok.".
local function noun_of(class)
  return class.__name:match("[^.]*$")
end

-- Asks the value, not its metatable, because programs may inherit from our objects.
local function named(name)
  return function(value)
    return type(value) == "table" and value.__name == name and value or nil
  end
end

--- Makes the methods of a class raise with the right way when they are called with a dot.
---@param class table<string, function> with all its methods; metamethods stay as they are
---@param noun? string what programs call such an object; default: the end of the class's `__name`
---@param self_of? function value -> the self that a method gets, or nil for a value of another class;
---   default: the value itself, if it has the class's `__name`
function usage_error.guard(class, noun, self_of)
  noun, self_of = noun or noun_of(class), self_of or named(class.__name)
  -- There are hundreds of methods, and each variable that its guard holds takes memory.
  local function guarded(method, name)
    return function(value, ...)
      local self = self_of(value)
      if self == nil then
        usage_error.raise(("bad self for %s.%s (got %s): call it with a colon, %s:%s(...)"):format(noun, name,
          type(value), noun, name))
      end
      return method(self, ...)
    end
  end
  for name, method in pairs(class) do
    if type(method) == "function" and not name:find("^__") then
      class[name] = guarded(method, name)
    end
  end
end

return usage_error
