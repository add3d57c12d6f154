--- Who may own a credential, and who may say so.
local failure = require "ngrok.emulator.failure"

local ownership = {}
ownership.__index = ownership

local function set_of(list)
  local set = {}
  for _, member in ipairs(list or {}) do
    set[member] = true
  end
  return set
end

---@param own_id string of the user whose API key it is: owns what names no owner
---@param options table
---   `owners` table from every accepted owner_id to the id it stands for, default all are accepted;
---   `inactive_owners` array of ids; `admin` false where the user is none; `plan` table whose `owners`
---   is false where the account may name no owners
---@return table ownership
function ownership.new(own_id, options)
  return setmetatable({
    own_id = own_id,
    owners = options.owners,
    inactive = set_of(options.inactive_owners),
    is_admin = options.admin ~= false,
    is_in_plan = not options.plan or options.plan.owners ~= false,
  }, ownership)
end

function ownership:find(owner_id)
  if not self.owners or owner_id == self.own_id then
    return owner_id
  end
  return self.owners[owner_id]
end

--- Finds the owner of a new credential.
---@param owner_id? string as the request names it
---@return string? id
---@return table? refusal
function ownership:resolve(owner_id)
  if not owner_id or owner_id == "" then
    return self.own_id
  elseif not self.is_in_plan then
    return nil, failure.new(633)
  end
  local id = self:find(owner_id)
  -- Before anything is said about the owner: who may not name one may not look for one either.
  if not self.is_admin and id ~= self.own_id then
    return nil, failure.new(630)
  elseif self.inactive[id or owner_id] then
    return nil, failure.new(636, owner_id)
  elseif not id then
    return nil, failure.new(634, owner_id)
  end
  return id
end

return ownership
