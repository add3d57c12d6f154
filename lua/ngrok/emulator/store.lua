--- The credentials that an account holds, in the order of their creation.
-- Their time of creation cannot order them: many share a second.
local store = {}
store.__index = store

--- Makes an empty store.
-- @treturn table store
function store.new()
  return setmetatable({ sequence = {}, last = 0, positions = {} }, store)
end

--- Adds a credential as the newest.
-- @tparam table record with `id`
function store:add(record)
  self.last = self.last + 1
  self.sequence[self.last] = record
  self.positions[record.id] = self.last
end

--- Finds a credential.
-- @tparam string id
-- @treturn ?table record
function store:find(id)
  local position = self.positions[id]
  return position and self.sequence[position] or nil
end

--- Takes a credential away. Its place stays known, so that a walk whose `before_id` is gone goes on.
-- @tparam string id
function store:remove(id)
  self.sequence[self.positions[id]] = nil
end

--- Says whether an id exists or has existed.
-- @tparam string id
-- @treturn boolean
function store:knows(id)
  return self.positions[id] ~= nil
end

--- Walks from the newest to the oldest.
-- @tparam ?string before_id begin with what was created before this one
-- @treturn function iterator over records
function store:newest_first(before_id)
  local position = before_id and self.positions[before_id] or self.last + 1
  return function()
    repeat
      position = position - 1
    until position < 1 or self.sequence[position]
    return self.sequence[position]
  end
end

--- Says whether a string is the token of a credential that is held.
-- @tparam string token
-- @treturn boolean
function store:has_token(token)
  -- A token begins with its credential's own identifier.
  local record = self:find("cr_" .. (token:match("^(%w+)_") or ""))
  return record ~= nil and record.token == token
end

return store
