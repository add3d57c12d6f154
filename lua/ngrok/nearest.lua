--- The name that a program may have meant.
local nearest = {}

-- Longer names are not typing errors, and comparing them takes time.
local longest = 40

-- The Levenshtein distance.
local function distance(from, to)
  local row = {}
  for j = 0, #to do
    row[j] = j
  end
  for i = 1, #from do
    local diagonal = row[0]
    row[0] = i
    for j = 1, #to do
      local replaced = diagonal + (from:byte(i) == to:byte(j) and 0 or 1)
      diagonal = row[j]
      row[j] = math.min(replaced, row[j] + 1, row[j - 1] + 1)
    end
  end
  return row[#to]
end

-- Below 1 where a program may have meant `name`; 0 for a name that begins with what was wanted.
local function remoteness(wanted, name)
  if #wanted >= 3 and name:sub(1, #wanted) == wanted then
    return 0
  end
  return distance(wanted, name) / (#name / 3 + 1)
end

---@param wanted any what the program has used
---@param names string[] what there is
---@return string? name nil where none is like `wanted`
function nearest.name(wanted, names)
  if type(wanted) ~= "string" or #wanted > longest then
    return nil
  end
  local found, least = nil, 1
  for _, name in ipairs(names) do
    local far = remoteness(wanted:lower(), name)
    if far < least then
      found, least = name, far
    end
  end
  return found
end

return nearest
