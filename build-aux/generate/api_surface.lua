-- Adds the public names that the code has to spec/api_surface.txt. A name that is gone from the code stays in
-- the list, and spec/api_surface_spec.lua fails until somebody deletes its line.
local core = require "ngrok.core"
local emulator = require "ngrok.emulator"
local emulator_methods = require "ngrok.emulator.methods"
local index = require "ngrok.api.index"
local ngrok = require "ngrok"
local option_table = require "ngrok.option_table"
local proxy = require "ngrok.proxy"
local resource = require "ngrok.resource"

local path = "spec/api_surface.txt"

-- What programs `require`, and of the last one what docs/loops.md tells them to call.
local modules = {
  ngrok = ngrok, ["ngrok.emulator"] = emulator, ["ngrok.health"] = require "ngrok.health",
  ["ngrok.loop.suspension"] = { refusal = require("ngrok.loop.suspension").refusal },
}

local function files_below(folders)
  return io.popen("find " .. folders .. ""):lines()
end

local function text_of(file_path)
  local file = assert(io.open(file_path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

local function add_members(add, prefix, members)
  for name in pairs(members) do
    if not name:find "^__" then
      add(prefix .. name)
    end
  end
end

local function add_modules(add)
  for name, module in pairs(modules) do
    add("module " .. name)
    add_members(add, ("member %s."):format(name), module)
  end
end

local function add_objects(add)
  local client = assert(ngrok.client { transport = emulator.new() })
  local listing = client.credentials:list()
  local request = client.credentials:get("cr_none", { wait = false })
  local _, err = request:result()
  add_members(add, "method client:", proxy.methods(client))
  add_members(add, "method listing:", proxy.methods(listing))
  add_members(add, "method request:", proxy.methods(request))
  add_members(add, "method error:", getmetatable(err).__index)
  client:close()

  local of_emulators = { request = true, stop = true } -- of `new` and of `start` only
  emulator_methods.add(of_emulators)
  add_members(add, "method emulator:", of_emulators)
end

local function add_services(add)
  local client = assert(ngrok.client { transport = emulator.new() })
  for name in pairs(index) do
    local service, kind = client, resource.load(name)
    for part in name:gmatch "[^.]+" do
      service = service[part]
    end
    add_members(add, ("method client.%s:"):format(name), proxy.methods(service))
    if kind.item then
      add_members(add, ("method %s:"):format(kind.item), core.methods(kind.schema))
    end
  end
  client:close()
end

local function add_options(add)
  for group, list in pairs(option_table) do
    for _, one in ipairs(list) do
      add(("option %s %s"):format(group, one.name))
    end
  end
end

-- The values in `"api"|"decode"`, or in the lines `---| "api" # ...`.
local function add_values(add, of, types)
  for value in types:gmatch '"([%w_]+)"' do
    add(("value %s %s"):format(of, value))
  end
end

-- The fields and the values that the code declares, but not those of resources, which are ngrok's.
local function add_declared(add)
  for file_path in files_below "lua/ngrok ! -path '*/types/*' -name '*.lua' -o -name 'emulator.lua'" do
    local of
    for line in text_of(file_path):gmatch "[^\n]+" do
      local class = line:match "^%-%-%-@class ngrok%.(%w+)"
      local field, types = line:match "^%-%-%-@field ([%w_]+)%?? (%S+)"
      local alias, values = line:match "^%-%-%-@alias ngrok%.(%w+)(.*)"
      of = class or alias or line:find "^%-%-%-" and of or nil
      if of and field then
        add(("field %s %s"):format(of, field))
        add_values(add, of .. "." .. field, types)
      end
      add_values(add, of, values or line:match "^%-%-%-| ([^#]+)" or "")
    end
  end
end

local function add_environment(add)
  for file_path in files_below "lua src -name '*.lua' -o -name '*.c'" do
    local text = text_of(file_path)
    for name in text:gmatch 'os%.getenv%(? ?"([%w_]+)"' do
      add("environment " .. name)
    end
    for name in text:gmatch '["`](%w+_[pP][rR][oO][xX][yY])["`]' do
      add("environment " .. name)
    end
  end
end

return function(files)
  local names, known = {}, {}
  local function add(name)
    if not known[name] then
      known[name] = true
      names[#names + 1] = name
    end
  end
  for name in files[path]:gmatch "[^\n]+" do
    add(name)
  end
  local listed = #names
  for _, add_part in ipairs {
    add_modules, add_objects, add_services, add_options, add_declared, add_environment,
  } do
    add_part(add)
  end
  if #names > listed then
    table.sort(names)
    files[path] = table.concat(names, "\n") .. "\n"
  end
end
