-- From the descriptions: lua/ngrok/api/index.lua.
local index = require "ngrok.api.index"

-- Some files have types that services share, and no services.
local function add_services(paths, module)
  local given = dofile(module)
  for _, one in pairs(given.name and { given } or given) do
    if type(one.name) == "string" then
      paths[one.name] = one.path
    end
  end
end

return function(files)
  local paths, names = {}, {}
  for module in io.popen("find lua/ngrok/api -name '*.lua' ! -name index.lua"):lines() do
    add_services(paths, module)
  end
  for name in pairs(paths) do
    names[#names + 1] = name
  end
  table.sort(names)
  local lines = {
    "-- `make generate` writes this file: by service the path of its resources. A name with a dot is one in",
    "-- a group.",
    "return {",
  }
  for position, name in ipairs(names) do
    local key = name:find "%." and ('["%s"]'):format(name) or name
    lines[position + 3] = ('  %s = "%s",'):format(key, paths[name])
    index[name] = paths[name] -- for what is generated from it in the same run
  end
  files["lua/ngrok/api/index.lua"] = table.concat(lines, "\n") .. "\n}\n"
end
