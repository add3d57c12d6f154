--- How two values of a filter expression compare, and which ones may.
-- An expression is a table of `type` ("string", "number", "bool", "time", "list" or "null")
-- and `value`, a function from the credential to a Lua value. null's value is nil.
local comparison = {}

-- A field that was never set equals "" and null alike, and so does an empty list:
-- ngrok's own example asks for both (obj.acl == null || obj.acl == "").
local function is_unset(value)
  return value == nil or value == "" or (type(value) == "table" and #value == 0)
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
    return left.type == right.type
      or left.type == "null"
      or right.type == "null"
      or (left.type == "list" and right.empty_text)
      or (right.type == "list" and left.empty_text)
  end
  return left.type == right.type and ordered_types[left.type]
end

--- Compares two expressions.
---@param sign string ==, !=, <, <=, > or >=
---@param left table expression
---@param right table expression
---@return table expression of type "bool"
--- Raises: a message, when their types do not compare
function comparison.expression(sign, left, right)
  if not may_compare(sign, left, right) then
    error(("%s cannot stand between a %s and a %s"):format(sign, left.type, right.type), 0)
  end
  local compare = signs[sign]
  return {
    type = "bool",
    value = function(record) return compare(left.value(record), right.value(record)) end,
  }
end

--- Asks whether a list has an item.
---@param item table expression
---@param list table expression of type "list"
---@return table expression of type "bool"
--- Raises: a message, when the right side is no list of such items
function comparison.membership(item, list)
  if list.type ~= "list" then
    error("the right side of in must be a list, not a " .. list.type, 0)
  elseif list.item_type and item.type ~= "null" and list.item_type ~= item.type then
    error(("in cannot look for a %s in a list of %ss"):format(item.type, list.item_type), 0)
  end
  local function value(record)
    local wanted = item.value(record)
    for _, candidate in ipairs(list.value(record)) do
      if equal(wanted, candidate) then
        return true
      end
    end
    return false
  end
  return { type = "bool", value = value }
end

return comparison
