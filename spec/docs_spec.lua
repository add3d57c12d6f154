-- README, the editors' meta file and the code must tell the same story.

local face = require "ngrok.face"
local ngrok = require "ngrok"
local emulator = require "ngrok.emulator"
local core = require "ngrok.core"

local function read(path)
  local file = assert(io.open(path))
  local text = file:read("*a")
  file:close()
  return text
end

local readme, meta = read("README.md"), read("lua/ngrok/meta.lua")

local function public_names(methods)
  local names = {}
  for name, value in pairs(methods) do
    if type(value) == "function" and not name:find("^_") then
      names[#names + 1] = name
    end
  end
  table.sort(names)
  return names
end

local function methods_in_meta(class)
  local names = {}
  for name in meta:gmatch("function " .. class .. "[:.]([%w_]+)") do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

describe("The documentation", function()
  local client, listing, request, err

  setup(function()
    client = assert(ngrok.client { transport = emulator.new() })
    listing = client.credentials:list()
    request = client.credentials:get("cr_none", { wait = false })
    err = select(2, request:result())
    client:close()
  end)

  local function classes()
    return {
      Client = face.methods(client),
      Credentials = face.methods(client.credentials),
      Credential = core.methods("credential"),
      Listing = face.methods(listing),
      Request = face.methods(request),
      Error = getmetatable(err).__index,
    }
  end

  it("has every public method in the meta file, and no other", function()
    for class, methods in pairs(classes()) do
      local expected = {}
      for _, name in ipairs(public_names(methods)) do
        -- settle is how the client itself reads a request.
        if not (class == "Request" and name == "settle") then
          expected[#expected + 1] = name
        end
      end
      assert.same(expected, methods_in_meta(class), class)
    end
  end)

  it("has every public function of the module in the meta file, and no other", function()
    assert.same(public_names(ngrok), methods_in_meta("ngrok"))
  end)

  it("names every method in the README or, if it is for adapters, in docs/loops.md", function()
    local for_adapters = {
      ["Client.advance"] = true, ["Client.wake"] = true, ["Client.report"] = true,
      ["Client.defer"] = true,
      ["Client.cannot_wait"] = true, ["Request.notify"] = true,
    }
    local internal = { ["Request.settle"] = true, ["Listing.close"] = true }
    local loops = read "docs/loops.md"
    for class, methods in pairs(classes()) do
      for _, name in ipairs(public_names(methods)) do
        if not internal[class .. "." .. name] then
          local text = for_adapters[class .. "." .. name] and loops or readme
          local found = text:find("[:`]" .. name .. "[%(%{`]")
          assert.truthy(found, class .. "." .. name .. " is not in the README")
        end
      end
    end
  end)

  it("has its generated parts as the data says", function()
    assert.same({}, loadfile "build-aux/types.lua" "--check", "out of date: run `make types`")
  end)

  -- The names at the beginnings of lines in a table of a file: `  name = ...`.
  local function names_in(path, name)
    local body = read(path):match("\nlocal " .. name .. " = (%b{})")
    return body:gmatch("\n  ([%w_]+) = ")
  end

  it("has every option of an emulator in the README and the meta file", function()
    for _, types in ipairs { "types", "process_types", "server_types" } do
      for name in names_in("lua/ngrok/emulator/options.lua", types) do
        assert.truthy(readme:find("[`{ ]" .. name .. "[` ]"), name .. " is not in the README")
        assert.truthy(meta:find("@field " .. name .. "? ", 1, true), name .. " is not in the meta file")
      end
    end
  end)

  it("has every kind of fault in the README and the meta file, and what each takes in the latter", function()
    for name in names_in("lua/ngrok/emulator/fault.lua", "kinds") do
      assert.truthy(readme:find('[`"]' .. name .. '[`"]'), name .. " is not in the README")
      assert.truthy(meta:find('---| "' .. name .. '"', 1, true), name .. " is not in the meta file")
    end
    local source = read "lua/ngrok/emulator/fault.lua"
    for keys in source:gmatch("keys = (%b{})") do
      for name in keys:gmatch("([%w_]+) = ") do
        assert.truthy(meta:find("@field " .. name .. "? ", 1, true), name .. " is not in the meta file")
      end
    end
  end)

  it("has a first example that runs and prints what the README shows", function()
    local source = readme:match("```lua\n(.-)```")
    local emu = emulator.new()
    emu:seed(2, function(i)
      return { description = "device " .. i }
    end)
    local printed = {}
    local chunk = assert((loadstring or load)(source)) -- luacheck: globals loadstring
    local environment = setmetatable({
      print = function(...)
        printed[#printed + 1] = table.concat({ ... }, "\t")
      end,
      require = function()
        return { client = function() return ngrok.client { transport = emu } end }
      end,
    }, { __index = _G })
    if setfenv then -- luacheck: globals setfenv
      setfenv(chunk, environment)
    else
      chunk = assert(load(source, "example", "t", environment))
    end
    chunk()
    assert.equal(4, #printed)
    assert.truthy(printed[1]:find("^cr_%w+\t%w+_%w+$"))
    assert.truthy(printed[2]:find("^cr_%w+\tdevice #132$"))
    assert.equal(printed[1]:match("^cr_%w+"), printed[2]:match("^cr_%w+"))
  end)

  it("has an example of an emulator with TLS that works", function()
    local source = readme:match("```lua\n(local server = [^`]*)```")
    local chunk = "local ngrok = ...\n" .. source .. "return server, client"
    local server, own = assert((loadstring or load)(chunk))(ngrok) -- luacheck: globals loadstring
    finally(function() server:stop() end)
    assert(own.credentials:create())
    own:close()
    assert.equal("HTTP/2", server:requests()[1].protocol)
  end)
end)
