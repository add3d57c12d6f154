-- The emulator keeps what every service has: each operation of each description is called, and what was
-- created is read, listed, changed and deleted.
local description = require "ngrok.description"
local emulator = require "ngrok.emulator"
local index = require "ngrok.api.index"
local ngrok = require "ngrok"

-- What an attribute must refer to: the service that has it.
local referred = { ip_policy_id = "ip_policies", ip_policy_ids = "ip_policies", vault_id = "vaults" }

-- What only agents and visitors make.
local made_elsewhere = {
  application_sessions = true, application_users = true, tunnel_sessions = true, tunnels = true,
}

describe("in the emulator", function()
  local emu, client

  local function service(name)
    local found = client
    for part in name:gmatch "[^.]+" do
      found = found[part]
    end
    return found
  end

  local sample

  local function sample_object(kind, fields)
    local made = {}
    for _, field in ipairs(fields) do
      if field.required then
        made[field[1]] = sample(kind, field)
      end
    end
    return made
  end

  function sample(kind, field)
    local shape, name = field[2]:match "^([%[{]?)(.-)[%]}]?$"
    local value = ({ string = field.check and "*" or "text", integer = 1, number = 1, boolean = true })[name]
    if referred[field[1]] then
      value = assert(service(referred[field[1]]):create {
        name = referred[field[1]] == "vaults" and "vault" or nil,
      }).id
    elseif value == nil then
      value = sample_object(kind, kind.types[name])
    end
    return shape == "[" and { value } or shape == "{" and { a = value } or value
  end

  local function attributes_of(kind, operation)
    local made = sample_object(kind, operation.attributes or {})
    local first = operation.attributes and operation.attributes[1]
    if first and not next(made) then
      made[first[1]] = sample(kind, first)
    end
    return made
  end

  -- The path's parameters from what was made, then what the operation takes.
  local function call(kind, operation, made)
    local arguments = {}
    for position, parameter in ipairs(operation.parameters) do
      arguments[position] = made[parameter] or "none_1"
    end
    local count = #arguments + 1
    if operation.attributes then
      arguments[count] = attributes_of(kind, operation)
    end
    return service(kind.name)[operation.name](service(kind.name), arguments[1], arguments[2], arguments[3])
  end

  local function check(kind, name, made)
    local operation = kind.operations[name]
    local value, err = call(kind, operation, made)
    if operation.returns == "page" then
      value, err = value:all()
    end
    assert(value, ("%s.%s: %s"):format(kind.name, name, tostring(err)))
    return value
  end

  local usual = { create = true, delete = true, replace = true }

  -- The item, and how many operations were called: to make it, and those that it is there for.
  local function make(kind)
    local name = kind.operations.create and "create" or kind.operations.replace and "replace"
    if name then
      local made = check(kind, name, {})
      return made, 1
    end
    return made_elsewhere[kind.name] and emu:seed(kind.name, 1)[1] or {}, 0
  end

  setup(function()
    emu = emulator.new()
    client = assert(ngrok.client { transport = emu, max_retries = 0, rate_limit = false })
  end)

  teardown(function()
    client:close()
  end)

  before_each(function()
    emu:reset()
  end)

  local total = 0

  for name in pairs(index) do
    it("every operation of " .. name .. " works", function()
      local kind = description.load(name)
      local made, count = make(kind)
      for _, operation in ipairs(kind.operation_names) do
        if not usual[operation] then
          check(kind, operation, made)
          count = count + 1
        end
      end
      if kind.operations.delete then
        check(kind, "delete", made)
        count = count + 1
      end
      assert.equal(#kind.operation_names, count)
      total = total + count
    end)
  end

  it("all of the API's operations were called", function()
    assert.is_true(total >= 252, total .. " were called")
  end)
end)
