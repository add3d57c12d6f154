--- The items of a resource in the order of their creation. Their time cannot order them: many share a second.
local store = {}
store.__index = store

--- Makes an empty store.
---@return table store
function store.new()
  return setmetatable({ sequence = {}, last = 0, positions = {} }, store)
end

--- Adds an item as the newest.
---@param record table with `id`
function store:add(record)
  self.last = self.last + 1
  self.sequence[self.last] = record
  self.positions[record.id] = self.last
end

--- Finds an item.
---@param id string
---@return table? record
function store:find(id)
  local position = self.positions[id]
  return position and self.sequence[position] or nil
end

--- Takes an item away. Its place stays known, so that a walk whose `before_id` is gone goes on.
---@param id string
function store:remove(id)
  self.sequence[self.positions[id]] = nil
end

--- Says whether an id exists or has existed.
---@param id string
---@return boolean
function store:knows(id)
  return self.positions[id] ~= nil
end

--- Walks from the newest to the oldest.
---@param before_id? string begin with what was created before this one
---@return function iterator over records
function store:newest_first(before_id)
  local position = before_id and self.positions[before_id] or self.last + 1
  return function()
    repeat
      position = position - 1
    until position < 1 or self.sequence[position]
    return self.sequence[position]
  end
end

return store
