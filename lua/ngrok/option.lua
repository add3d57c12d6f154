--- One option of ngrok.option_table: which values it may have, and the words for them.
local core = require "ngrok.core"

local option = {}

local function is_callable(value)
  if type(value) == "function" then
    return true
  end
  local metatable = getmetatable(value)
  return type(metatable) == "table" and type(metatable.__call) == "function"
end

local function is_adapter(value)
  return type(value) == "table" and is_callable(value.wait) and is_callable(value.watch)
    and is_callable(value.spawn)
end

-- NaN fails every comparison; math.huge passes where there is no upper bound.
local function is_within(self, number)
  return (not self.above or number > self.above) and (not self.least or number >= self.least)
    and (not self.most or number <= self.most) and (not self.whole or number % 1 == 0)
end

local function is_of_type(self, value)
  if self.type == "callable" then
    return is_callable(value)
  elseif self.type == "adapter" then
    return is_adapter(value)
  elseif self.type == "id" then
    return type(value) == "string" or core.id_of(value) ~= nil
  elseif self.type == "table or string" then
    return type(value) == "table" or type(value) == "string"
  end
  return type(value) == self.type and (self.type ~= "number" or is_within(self, value))
end

--- Whether an option may have a value.
---@param self table
---@param value any
---@return boolean
function option.accepts(self, value)
  for _, choice in ipairs(self.choices or {}) do
    if value == choice then
      return true
    end
  end
  return is_of_type(self, value)
end

local function noun_of_number(self)
  local noun = (self.whole and "a whole number" or "a number") .. (self.unit and " of " .. self.unit or "")
  if self.above then
    return ("%s above %d%s"):format(noun, self.above, self.most and (", %d at most"):format(self.most) or "")
  elseif self.most then
    return ("%s from %d to %d"):format(noun, self.least, self.most)
  end
  return self.least and ("%s, %d or more"):format(noun, self.least) or noun
end

local function noun_of(self)
  return self.noun or self.type == "number" and noun_of_number(self) or "a " .. self.type
end

--- What an option may be, in words.
---@param self table
---@return string
function option.describe(self)
  local words = {}
  for index, choice in ipairs(self.choices or {}) do
    words[index] = type(choice) == "string" and ('"%s"'):format(choice) or tostring(choice)
  end
  words[#words + 1] = noun_of(self)
  return table.concat(words, ", ", 1, #words - 1) .. (#words > 1 and " or " or "") .. words[#words]
end

return option
