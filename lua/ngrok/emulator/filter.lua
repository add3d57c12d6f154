--- Filters of lists: the part of CEL that ngrok's API takes, compiled to a function. A recursive-descent
--- parser with one function for each level of precedence. An expression is a table of `type` ("string",
--- "number", "bool", "time", "list" or "null") and `value`, a function from an item to a Lua value. Types are
--- checked while parsing, so that a bad filter is refused on an empty account, too.
local token = require "ngrok.emulator.filter_token"
local time = require "ngrok.time"

local filter = {}

local parser = {}
parser.__index = parser

local deepest = 64 -- brackets and ! inside each other; far from Lua's own limit on C calls

-- ---- comparisons ---------------------------------------------------------------------------------

-- A field that was never set equals "" and null alike, and so does an empty list:
-- ngrok's own example asks for both (obj.acl == null || obj.acl == "").
local function is_unset(value)
  return value == nil or value == "" or value ~= value or (type(value) == "table" and #value == 0)
end

local function equal(left, right)
  if type(left) == "table" and type(right) == "table" then
    for index = 1, math.max(#left, #right) do
      if left[index] ~= right[index] then
        return false
      end
    end
    return true
  end
  return left == right or (is_unset(left) and is_unset(right))
end

local signs = {
  ["=="] = equal,
  ["!="] = function(left, right) return not equal(left, right) end,
  ["<"] = function(left, right) return left < right end,
  ["<="] = function(left, right) return left <= right end,
  [">"] = function(left, right) return left > right end,
  [">="] = function(left, right) return left >= right end,
}

local ordered_types = { string = true, number = true, time = true }

local function may_compare(sign, left, right)
  if sign == "==" or sign == "!=" then
    return left.type == right.type or left.type == "null" or right.type == "null"
      or (left.type == "list" and right.text == "") or (right.type == "list" and left.text == "")
  end
  return left.type == right.type and ordered_types[left.type]
end

local function compare(sign, left, right)
  if not may_compare(sign, left, right) then
    error(("%s cannot compare a %s with a %s"):format(sign, left.type, right.type), 0)
  end
  local holds = signs[sign]
  return {
    type = "bool",
    value = function(record) return holds(left.value(record), right.value(record)) end,
  }
end

local function membership(item, list)
  if list.type ~= "list" then
    error("the right side of in must be a list, not a " .. list.type, 0)
  elseif list.item_type and item.type ~= "null" and list.item_type ~= item.type then
    error(("in cannot look for a %s in a list of %ss"):format(item.type, list.item_type), 0)
  end
  return {
    type = "bool",
    value = function(record)
      local wanted = item.value(record)
      for _, candidate in ipairs(list.value(record)) do
        if equal(wanted, candidate) then
          return true
        end
      end
      return false
    end,
  }
end

-- ---- values --------------------------------------------------------------------------------------

-- How a field of each type is read from an item: what was never set reads as the type's empty value.
local readers = {
  string = function(value) return value or "" end,
  list = function(value) return value or {} end,
  time = function(value) return value and time.parse(value) or 0 / 0 end, -- neither before nor after any
  number = function(value) return value or 0 end,
  bool = function(value) return value or false end,
}

-- `text` is the value, known while parsing.
local function constant(kind, value)
  return { type = kind, value = function() return value end, text = value }
end

function parser:advance()
  local current = self.current
  self.current, self.position = token.next(self.text, self.position)
  return current
end

function parser:at(value)
  local kind = self.current.kind
  return (kind == "sign" or kind == "name") and self.current.value == value
end

function parser:accept(value)
  return self:at(value) and self:advance()
end

function parser:expect(value)
  if not self:accept(value) then
    error(("%s expected, got %s"):format(value, tostring(self.current.value)), 0)
  end
end

function parser:nested(parse)
  self.depth = self.depth + 1
  if self.depth > deepest then
    error("the expression is nested too deeply", 0)
  end
  local expression = parse(self)
  self.depth = self.depth - 1
  return expression
end

-- An expression in brackets, the first of which has been read.
function parser:bracketed()
  local expression = self:nested(self.disjunction)
  self:expect(")")
  return expression
end

local function expect_type(expression, kind, where)
  if expression.type ~= kind then
    error(("%s needs a %s, not a %s"):format(where, kind, expression.type), 0)
  end
  return expression
end

function parser:list()
  local items, item_type = {}, nil
  while not self:at("]") do
    local item = self:nested(self.disjunction)
    item_type = item_type or (item.type ~= "null" and item.type) or nil
    if item.type ~= "null" and item.type ~= item_type then
      error("the items of a list must be of one type", 0)
    end
    items[#items + 1] = item
    if not self:accept(",") then
      break
    end
  end
  self:expect("]")
  return {
    type = "list",
    item_type = item_type,
    value = function(record)
      local values = {}
      for _, item in ipairs(items) do
        -- A null item is kept as "", which equals it: a hole would end the list.
        local value = item.value(record)
        values[#values + 1] = value == nil and "" or value
      end
      return values
    end,
  }
end

function parser:size()
  self:expect("(")
  local argument = self:bracketed()
  if argument.type ~= "string" and argument.type ~= "list" then
    error("size() needs a string or a list, not a " .. argument.type, 0)
  end
  return { type = "number", value = function(record) return #argument.value(record) end }
end

function parser:moment()
  if self:accept("time") then
    self:expect(".")
    self:expect("now")
    return constant("time", self.now)
  end
  local argument = self:nested(self.disjunction)
  if argument.type == "time" then
    return argument
  end
  local seconds = expect_type(argument, "string", "timestamp()").text and time.parse(argument.text)
  if not seconds then
    error("timestamp() needs an RFC 3339 time", 0)
  end
  return constant("time", seconds)
end

function parser:shift(moment)
  local direction = self:accept("subtract") and -1 or self:accept("add") and 1
  if not direction then
    error(("subtract or add expected, got %s"):format(tostring(self.current.value)), 0)
  end
  self:expect("(")
  local word = self:advance()
  local seconds = word.kind == "string" and time.duration(word.value)
  if not seconds then
    error('a duration such as "7d" or "24h" expected', 0)
  end
  self:expect(")")
  return {
    type = "time",
    value = function(record) return moment.value(record) + direction * seconds end,
  }
end

function parser:timestamp()
  self:expect("(")
  local moment = self:moment()
  self:expect(")")
  while self:accept(".") do
    moment = self:shift(moment)
  end
  return moment
end

function parser:field()
  self:expect(".")
  local word = self:advance()
  local name, kind = word.value, word.kind == "name" and self.fields[word.value]
  if not kind then
    error("unknown field " .. tostring(name), 0)
  end
  local read = readers[kind]
  return {
    type = kind,
    item_type = kind == "list" and "string" or nil,
    value = function(record) return read(record[name]) end,
  }
end

local named = {
  ["true"] = function() return constant("bool", true) end,
  ["false"] = function() return constant("bool", false) end,
  null = function() return constant("null", nil) end,
  obj = parser.field,
  size = parser.size,
  timestamp = parser.timestamp,
}

-- ---- operators, the tightest first ---------------------------------------------------------------

function parser:primary()
  local word = self:advance()
  if word.kind == "string" or word.kind == "number" then
    return constant(word.kind, word.value)
  elseif word.kind == "name" and named[word.value] then
    return named[word.value](self)
  elseif word.kind == "sign" and word.value == "[" then
    return self:list()
  elseif word.kind == "sign" and word.value == "(" then
    return self:bracketed()
  elseif word.kind == "sign" and word.value == "-" and self.current.kind == "number" then
    return constant("number", -self:advance().value)
  end
  error(("a value expected, got %s"):format(tostring(word.value)), 0)
end

function parser:negation()
  if not self:accept("!") then
    return self:primary()
  end
  local operand = expect_type(self:nested(self.negation), "bool", "!")
  return { type = "bool", value = function(record) return not operand.value(record) end }
end

function parser:relation()
  local left = self:negation()
  for _ = 1, deepest do
    local sign = self.current.kind == "sign" and self.current.value
    if signs[sign] then
      self:advance()
      left = compare(sign, left, self:negation())
    elseif self:accept("in") then
      left = membership(left, self:negation())
    else
      return left
    end
  end
  error("too many comparisons in a row", 0)
end

-- Operands that are joined by && or ||. They are kept side by side and not inside each other,
-- so that a long chain is not a deep one. The first that equals `deciding` decides.
function parser:series(sign, operand, deciding)
  local first = operand(self)
  if not self:at(sign) then
    return first
  end
  local values = { expect_type(first, "bool", sign).value }
  while self:accept(sign) do
    values[#values + 1] = expect_type(operand(self), "bool", sign).value
  end
  local function value(record)
    for _, decide in ipairs(values) do
      if decide(record) == deciding then
        return deciding
      end
    end
    return not deciding
  end
  return { type = "bool", value = value }
end

function parser:conjunction()
  return self:series("&&", self.relation, false)
end

function parser:disjunction()
  return self:series("||", self.conjunction, true)
end

local function parse(text, now, fields)
  local self = setmetatable({ text = text, position = 1, depth = 0, now = now, fields = fields }, parser)
  self:advance()
  local expression = expect_type(self:disjunction(), "bool", "a filter")
  if self.current.kind ~= "end" then
    error(("the end expected, got %s"):format(tostring(self.current.value)), 0)
  end
  return expression.value
end

--- Compiles a filter.
---@param text string such as `obj.owner_id == "usr_x" && size(obj.acl) == 0`
---@param now number seconds since 1970, what `time.now` is
---@param fields table<string, string> from a field's name to its type: "string", "time", "list" (of strings),
---   "number" or "bool"
---@return function? # from an item to boolean
---@return string? # what is wrong with the filter
function filter.compile(text, now, fields)
  local fine, result = pcall(parse, text, now, fields)
  if not fine then
    return nil, tostring(result)
  end
  return result
end

return filter
