--- What the account must hold by its clients' reports: each credential with its possible states. Only an
-- unknown outcome leaves more than one.
local model = {}
model.__index = model

---@return table an empty model
function model.new()
  return setmetatable({ entries = {} }, model)
end

-- A state is the credential's metadata, or `absent` for no credential.
model.absent = {}

--- Notes a create.
---@param description string unlike any other's
---@param metadata string
---@param certain boolean false where its outcome is unknown
function model:create(description, metadata, certain)
  local states = { [metadata] = true }
  if not certain then
    states[model.absent] = true
  end
  self.entries[description] = { states = states }
end

--- Notes a change, or with `model.absent` a delete.
---@param description string
---@param state any metadata, or `model.absent`
---@param certain boolean false where its outcome is unknown
function model:change(description, state, certain)
  if certain and state == model.absent then
    self.entries[description] = nil
  elseif certain then
    self.entries[description].states = { [state] = true }
  else
    self.entries[description].states[state] = true
  end
end

--- Whether a credential can be in a state.
---@param description string
---@param metadata? string nil for no credential
---@return boolean
function model:allows(description, metadata)
  local entry = self.entries[description]
  if metadata == nil then
    return not entry or entry.states[model.absent] == true
  end
  return entry ~= nil and entry.states[metadata] == true
end

--- Compares an account with it.
---@param credentials table[]
---@return string[] what is wrong, in words
function model:compare(credentials)
  local problems, found = {}, {}
  for _, credential in ipairs(credentials) do
    local name = credential.description
    if found[name] then
      problems[#problems + 1] = name .. " is there twice"
    elseif not self:allows(name, credential.metadata) then
      problems[#problems + 1] = ("%s is there with %s"):format(name, credential.metadata)
    end
    found[name] = true
  end
  for name in pairs(self.entries) do
    if not found[name] and not self:allows(name, nil) then
      problems[#problems + 1] = name .. " is missing"
    end
  end
  return problems
end

return model
