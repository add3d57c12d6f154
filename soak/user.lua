--- A user who creates, reads, updates and deletes their credentials at random, one at a time.
local model = require "soak.model"

local user = {}
user.__index = user

local most_held = 8

---@param name string unlike any other's
---@param client table
---@param book table a model
---@param tally table counts `operations`, `unknown` and `problems`
---@return table
function user.new(name, client, book, tally)
  return setmetatable({ name = name, client = client, book = book, tally = tally, held = {}, made = 0 }, user)
end

-- Calls an operation and yields until it is done.
local function await(self, service, operation, ...)
  local routine = coroutine.running()
  local arguments, count = { ... }, select("#", ...)
  arguments[count + 1] = {
    on_done = function(value, err)
      assert(coroutine.resume(routine, value, err))
    end,
  }
  service[operation](service, (table.unpack or unpack)(arguments, 1, count + 1)) -- luacheck: globals unpack
  local value, err = coroutine.yield()
  self.tally.operations = self.tally.operations + 1
  if err and err.outcome == "unknown" then
    self.tally.unknown = self.tally.unknown + 1
  end
  return value, err
end

local function complain(self, ...)
  local problems = self.tally.problems
  problems[#problems + 1] = self.name .. ": " .. table.concat({ ... }, " ")
end

local function new_metadata(self)
  self.made = self.made + 1
  return ("%s, state %d"):format(self.name, self.made)
end

local acts = {}

function acts.create(self)
  local metadata = new_metadata(self)
  local description = ("credential %d of %s"):format(self.made, self.name)
  local credential, err = await(self, self.client.credentials, "create", {
    description = description, metadata = metadata,
  })
  if credential then
    self.book:create(description, metadata, true)
    self.held[#self.held + 1] = credential
    if not credential.token then
      complain(self, "no token of", description)
    end
  elseif err.outcome == "unknown" then
    self.book:create(description, metadata, false)
  end
end

-- A 404 may follow a delete whose outcome was unknown.
local function note_missing(self, index)
  local description = self.held[index].description
  if not self.book:allows(description, nil) then
    complain(self, description, "was not found")
  end
  self.book:change(description, model.absent, true)
  table.remove(self.held, index)
end

function acts.get(self, index)
  local held = self.held[index]
  local credential, err = await(self, self.client.credentials, "get", held.id)
  if credential then
    if not self.book:allows(credential.description, credential.metadata) then
      complain(self, credential.description, "was read as", tostring(credential.metadata))
    end
    self.book:change(credential.description, credential.metadata, true)
  elseif err:is_not_found() then
    note_missing(self, index)
  end
end

function acts.update(self, index)
  local held, metadata = self.held[index], new_metadata(self)
  local credential, err = await(self, held, "update", { metadata = metadata })
  if credential then
    self.book:change(held.description, metadata, true)
  elseif err:is_not_found() then
    note_missing(self, index)
  elseif err.outcome == "unknown" then
    self.book:change(held.description, metadata, false)
  end
end

function acts.delete(self, index)
  local held = self.held[index]
  local deleted, err = await(self, held, "delete")
  if deleted then
    self.book:change(held.description, model.absent, true)
    table.remove(self.held, index)
  elseif err:is_not_found() then
    note_missing(self, index)
  elseif err.outcome == "unknown" then
    self.book:change(held.description, model.absent, false)
  end
end

local names = { "get", "update", "delete" }

local function choose(self)
  if #self.held == 0 or #self.held < most_held and math.random() < 0.35 then
    return acts.create
  elseif #self.held >= most_held then
    return acts.delete
  end
  return acts[names[math.random(#names)]]
end

--- Begins in a new coroutine.
---@param goes_on function asked before each operation
function user:start(goes_on)
  local routine = coroutine.create(function()
    while goes_on() do
      choose(self)(self, math.random(math.max(#self.held, 1)))
    end
  end)
  assert(coroutine.resume(routine))
end

return user
