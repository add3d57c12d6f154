-- Methods that are called with a dot where a colon belongs.
local emulator = require "ngrok.emulator"
local usage_error = require "ngrok.usage_error"
local proxy = require "ngrok.proxy"
local ngrok = require "ngrok"

local function message_of(...)
  local fine, message = pcall(...)
  assert.is_false(fine)
  return message
end

-- Every public method of a class, called wrongly in all ways.
local function check(methods, noun)
  local count = 0
  for name, method in pairs(methods) do
    if type(method) == "function" and not name:find("^__") then
      count = count + 1
      for _, value in ipairs { false, "x", 1, {}, print, io.stdout, setmetatable({}, { __name = "x" }) } do
        assert.equal(("bad self for %s.%s (got %s): call it with a colon, %s:%s(...)"):format(
          noun, name, type(value), noun, name), message_of(method, value))
      end
      local line = debug.getinfo(1, "l").currentline + 1
      local message = message_of(function() method() end)
      local expected = ("usage_error_spec.lua:%d: bad self for %s.%s (got nil)"):format(line, noun, name)
      assert.matches(expected, message, 1, true)
    end
  end
  assert.is_true(count > 0)
end

describe("every method says so when it is called with a dot:", function()
  local emu, client

  setup(function()
    emu = emulator.new()
    client = assert(ngrok.client { transport = emu, max_retries = 0, rate_limit = false })
  end)

  teardown(function()
    client:close()
  end)

  it("a client's", function()
    check(proxy.methods(client), "client")
  end)

  it("a request's", function()
    check(proxy.methods(client.credentials:get("cr_x", { wait = false })), "request")
  end)

  it("client.credentials'", function()
    check(proxy.methods(client.credentials), "client.credentials")
  end)

  it("a credential's", function()
    local schema = require("ngrok.resource").load("credentials").schema
    check(require("ngrok.core").methods(schema), "credential")
  end)

  it("a listing's", function()
    check(proxy.methods(client.credentials:list()), "listing")
  end)

  it("an error's", function()
    check(getmetatable(select(2, client.credentials:get("cr_x"))).__index, "error")
  end)

  it("the emulator's", function()
    local methods = {}
    for name, value in pairs(getmetatable(emu).__index) do
      methods[name] = name ~= "new" and value or nil
    end
    check(methods, "emulator")
  end)

  it("the server's", function()
    local methods = {}
    for name, value in pairs(require "ngrok.emulator.server") do
      methods[name] = name ~= "start" and value or nil
    end
    check(methods, "emulator")
  end)
end)

describe("usage_error.guard", function()
  local function class()
    local made = { __name = "ngrok.thing", constant = 1 }
    made.__index = made
    function made:give(...)
      return self, select("#", ...), ...
    end
    function made.__tostring() return "a thing" end
    usage_error.guard(made)
    return made
  end

  it("passes all arguments and results", function()
    local thing = setmetatable({}, class())
    assert.same({ thing, 3, nil, false, nil, n = 5 }, (function(...)
      return { n = select("#", ...), ... }
    end)(thing:give(nil, false, nil)))
  end)

  it("leaves metamethods and values other than functions alone", function()
    local made = class()
    assert.equal("a thing", tostring(setmetatable({}, made)))
    assert.equal("a thing", made.__tostring())
    assert.equal(1, made.constant)
  end)

  it("takes an object that inherits from one of the class", function()
    local thing = setmetatable({}, class())
    local heir = setmetatable({}, { __index = thing })
    assert.equal(heir, (heir:give()))
  end)

  it("takes no object of another class", function()
    local thing, other = setmetatable({}, class()), setmetatable({ __name = "ngrok.other" }, {})
    assert.matches("bad self for thing.give (got table)", message_of(thing.give, other), 1, true)
  end)
end)
