-- README, docs, the types for editors and the code must agree.
local child = require "spec.support.child"
local core = require "ngrok.core"
local resource = require "ngrok.resource"
local emulator = require "ngrok.emulator"
local proxy = require "ngrok.proxy"
local ngrok = require "ngrok"
local pages = require "spec.support.pages"
local shell = require "ngrok.emulator.shell"

local read = pages.read

-- By name of a public thing: where it is described.
local calls, loops, testing = "docs/calls.md", "docs/loops.md", "docs/testing.md"

local function is_named(name, text, where)
  assert.truthy(text:find(name), name .. " is not in " .. where)
end

describe("The documentation", function()
  local client, classes

  -- By name: the public methods, and the file that declares them where it is not generated.
  setup(function()
    client = assert(ngrok.client { transport = emulator.new() })
    local request = client.credentials:get("cr_none", { wait = false })
    local _, err = request:result()
    classes = {
      Client = { proxy.methods(client), "lua/ngrok/client.lua" },
      Listing = { proxy.methods(client.credentials:list()), "lua/ngrok/listing.lua" },
      Request = { proxy.methods(request), "lua/ngrok/request.lua" },
      Error = { getmetatable(err).__index, "lua/ngrok/error.lua" },
      ngrok = { { client = ngrok.client, check = ngrok.check }, "lua/ngrok/init.lua" },
      emulator = { { new = emulator.new, start = emulator.start }, "lua/ngrok/emulator/init.lua" },
      Credentials = { proxy.methods(client.credentials) },
      Credential = { (core.methods(resource.load("credentials").schema)) },
    }
    client:close()
  end)

  -- Calls a function with each public method: its class, its name and the file that declares it, if any.
  local function each_method(visit)
    for class, entry in pairs(classes) do
      for name, method in pairs(entry[1]) do
        if type(method) == "function" and not name:find "^_" then
          visit(class, name, entry[2])
        end
      end
    end
  end

  local function comment_at_end_of(text)
    local rest, line = text:match "^(.*\n)(%-%-[^\n]*\n)$"
    return line and comment_at_end_of(rest) .. line or ""
  end

  it("says in the source what each public method does, and the type of each parameter", function()
    each_method(function(class, name, path)
      if path then
        local full_name = class .. "[:.]" .. name
        local before, parameters = read(path):match("^(.*\n)function " .. full_name .. "%((.-)%)")
        local comment, where = comment_at_end_of(before), ("the comment of %s.%s"):format(class, name)
        is_named("^%-%-%- ", comment, where)
        for parameter in parameters:gmatch "[%a_]+" do
          is_named("@param " .. parameter .. "%?? ", comment, where)
        end
      end
    end)
  end)

  it("declares each type that it names", function()
    local named, declared = {}, {}
    for path in io.popen("find lua/ngrok -name '*.lua'"):lines() do
      for line in read(path):gmatch "%-%-%-[@|][^\n]*" do
        local declares = line:match "^%-%-%-@class ([%w_.]+)" or line:match "^%-%-%-@alias ([%w_.]+)"
        declared[declares or ""] = true
        for name in line:gmatch "ngrok%.%u[%w_]*" do
          named[name] = path
        end
      end
    end
    assert.truthy(next(named))
    for name, path in pairs(named) do
      assert.truthy(declared[name], ("%s, in %s, is declared nowhere"):format(name, path))
    end
  end)

  it("has its generated parts as the data says", function()
    assert(loadfile "build-aux/generate.lua") "--check"
  end)

  it("describes each public method in docs", function()
    local pages_of = { Error = "docs/errors.md", emulator = testing }
    local for_loops = { advance = true, wake = true, report = true, defer = true, cannot_wait = true,
      notify = true, pollfd = true, events = true, timeout = true, step = true, pending = true }
    each_method(function(class, name)
      local where = for_loops[name] and loops or pages_of[class] or calls
      if class .. name ~= "Listingclose" then
        is_named("[:.`]" .. name .. "[%(%{` ]", read(where), where)
      end
    end)
  end)

  -- The names at the beginnings of lines in a table of a file: `  name = ...`.
  local function names_in(path, name)
    local body = read(path):match("\nlocal " .. name .. " = (%b{})")
    return body:gmatch("\n  ([%w_]+) = ")
  end

  it("has each option of an emulator and each kind of fault in docs/testing.md and the types", function()
    local types = read "lua/ngrok/types/emulator.lua"
    for _, list in ipairs { "types", "process_types", "server_types" } do
      for name in names_in("lua/ngrok/emulator/options.lua", list) do
        is_named("[`{ ]" .. name .. "[` ]", read(testing), testing)
        is_named("@field " .. name .. "%? ", types, "the types")
      end
    end
    for name in names_in("lua/ngrok/emulator/fault.lua", "kinds") do
      is_named('[`"]' .. name .. '[`"]', read(testing), testing)
      is_named('%-%-%-| "' .. name .. '"', types, "the types")
    end
    for keys in read("lua/ngrok/emulator/fault.lua"):gmatch "keys = (%b{})" do
      for name in keys:gmatch "([%w_]+) = " do
        is_named("@field " .. name .. "%?? ", types, "the types")
      end
    end
  end)

  it("says of each kind and phase of an error, and of each code that an account gives, what to do", function()
    local errors = read "docs/errors.md"
    local types = read "lua/ngrok/error.lua"
    for line in types:gmatch "%-%-%-@alias ngrok%.(%u[^\n]*)" do
      for name in line:gmatch '"([%w_]+)"' do
        is_named("`" .. name .. "`", errors, "docs/errors.md")
      end
    end
    for number in read("lua/ngrok/emulator/failure.lua"):gmatch "\n  %[(%d+)%] = " do
      is_named("[|,] ?" .. number .. "[ ,]", errors, "docs/errors.md")
    end
  end)

  it("has a picture of what the demo prints today", function()
    local fine, drawn = shell.run(child.interpreter() .. " examples/demo.lua | " .. child.interpreter()
      .. " build-aux/demo-picture.lua")
    assert(fine, drawn)
    local as_on_5_4 = drawn:gsub("seen from [^<]*", "seen from Lua 5.4")
    assert.is_true(as_on_5_4 .. "\n" == read "docs/demo.svg", "out of date: run `make picture`")
  end)

  it("fits README in 150 lines of 120 columns", function()
    local count = 0
    for line in read("README.md"):gmatch "([^\n]*)\n" do
      count = count + 1
      assert.is_true(#line:gsub("[\128-\191]", "") <= 120, line)
    end
    assert.is_true(count <= 150, count)
  end)
end)
