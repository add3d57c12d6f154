--- The services of a client, made when a program first reads them: `client.credentials`. Each is a file in
-- lua/ngrok/api, which is the only list of them. A file that returns
-- `{ name = "backends", group = true }` declares a folder of such files: `client.backends.failover`.
local proxy = require "ngrok.proxy"
local resource = require "ngrok.resource"

local services = {}
services.__index = services

-- Where this library's files are; nil when it was loaded without them.
local folder = debug.getinfo(1, "S").source:match "^@(.*[/\\])services%.lua$"

local function exists(name)
  local file = folder and io.open(folder .. "api/" .. name:gsub("%.", "/") .. ".lua")
  if file then
    file:close()
  end
  return file ~= nil
end

-- The names that become this one where a letter is left out, added or replaced, or two are swapped.
local function neighbours(name)
  local found = {}
  for at = 1, #name + 1 do
    local before, letter, after = name:sub(1, at - 1), name:sub(at, at), name:sub(at + 1)
    found[#found + 1] = before .. after
    found[#found + 1] = before .. after:sub(1, 1) .. letter .. after:sub(2)
    for other in ("abcdefghijklmnopqrstuvwxyz_"):gmatch "." do
      found[#found + 1] = before .. other .. letter .. after
      found[#found + 1] = before .. other .. after
    end
  end
  return found
end

local longest = 40 -- longer names are not typing errors

--- The name of the service that a program may have meant.
---@param name any
---@return string?
function services:nearest(name)
  local wanted = type(name) == "string" and #name <= longest and name:lower():gsub("[^%l%d]", "_")
  for _, candidate in ipairs(wanted and neighbours(wanted) or {}) do
    if candidate ~= name and exists(self.prefix .. candidate) then
      return candidate
    end
  end
end

local function new_group(self, kind)
  local Group = { __name = "ngrok." .. kind.name }
  Group.__index = Group
  proxy.define(Group, { noun = "client." .. kind.name })
  return proxy.of(setmetatable({
    client = self.client, services = services.new(self.client, kind.name .. "."),
  }, Group))
end

--- The service or the group of that name.
---@param name any
---@return table? service nil where there is none
function services:find(name)
  local made = self.made[name]
  if made == nil and type(name) == "string" and name:find "^%l[%l%d_]*$" then
    local kind = resource.load(self.prefix .. name)
    made = kind and (kind.group and new_group(self, kind) or resource.service(kind, self.client))
    self.made[name] = made
  end
  return made
end

---@param client table
---@param prefix? string of the names in a group
---@return table
function services.new(client, prefix)
  return setmetatable({ client = client, prefix = prefix or "", made = {} }, services)
end

return services
