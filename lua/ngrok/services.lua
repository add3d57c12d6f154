--- The services of a client, made when a program first reads them: `client.credentials`. A group has services
-- of its own: `client.backends.failover`.
local index = require "ngrok.api.index"
local nearest = require "ngrok.nearest"
local proxy = require "ngrok.proxy"
local resource = require "ngrok.resource"

local services = {}
services.__index = services

local function begins_with(text, prefix)
  return text:sub(1, #prefix) == prefix
end

local function is_group(name)
  for known in pairs(index) do
    if begins_with(known, name .. ".") then
      return true
    end
  end
  return false
end

local function new_group(self, name)
  local Group = { __name = "ngrok." .. name }
  Group.__index = Group
  proxy.define(Group, { noun = "client." .. name })
  return proxy.of(setmetatable({
    client = self.client, services = services.new(self.client, name .. "."),
  }, Group))
end

--- The service or the group of that name.
---@param name any
---@return table? service nil where there is none
function services:find(name)
  local made = self.made[name]
  if made == nil and type(name) == "string" then
    local full_name = self.prefix .. name
    if index[full_name] then
      made = resource.service(resource.load(full_name), self.client)
    elseif is_group(full_name) then
      made = new_group(self, full_name)
    end
    self.made[name] = made
  end
  return made
end

-- At the client those in groups, too, as "backends.failover", and their groups.
local function names_of(self)
  local found, known = {}, {}
  for full_name in pairs(index) do
    local name = begins_with(full_name, self.prefix) and full_name:sub(#self.prefix + 1) or nil
    for _, one in ipairs { name, name and name:match "^(.*)%." } do
      found[#found + 1] = not known[one] and one or nil
      known[one] = true
    end
  end
  table.sort(found)
  return found
end

--- What a message says that there is.
---@return string
function services:summary()
  return self.prefix == "" and "and a service for each resource of the API"
    or table.concat(names_of(self), ", ")
end

--- The name that a program may have meant.
---@param name any
---@param methods string[] names that it may have meant as well
---@return string?
function services:nearest(name, methods)
  local names = names_of(self)
  for _, one in ipairs(names) do
    if one:match "%.(.*)$" == name then
      return one
    end
  end
  for _, one in ipairs(methods) do
    names[#names + 1] = one
  end
  return nearest.name(name, names)
end

---@param client table
---@param prefix? string of the names in a group
---@return table
function services.new(client, prefix)
  return setmetatable({ client = client, prefix = prefix or "", made = {} }, services)
end

return services
