-- What programs hold of our objects: what they find there, and what happens where they assign to it.
local emulator = require "ngrok.emulator"
local nearest = require "ngrok.nearest"
local ngrok = require "ngrok"
local manual_transport = require "spec.support.manual_transport"

local key = "KOBOLD7_canary9key" -- too short to be known by its look

local function message_of(fn, ...)
  local fine, message = pcall(fn, ...)
  assert.is_false(fine)
  return message
end

local function assign(object, name, value)
  return message_of(function() object[name] = value end)
end

local function read(object, name)
  return message_of(function() return object[name] end)
end

describe("an object for programs", function()
  local client, objects

  before_each(function()
    client = assert(ngrok.client { api_key = key, transport = emulator.new { api_key = key } })
    objects = {
      client = client,
      ["client.credentials"] = client.credentials,
      request = client.credentials:create({}, { wait = false }),
      listing = client.credentials:list(),
    }
  end)

  after_each(function()
    client:close()
  end)

  describe("that is assigned to", function()
    it("says how an option is passed", function()
      local message = assign(client, "timeout", 5)
      assert.matches("proxy_spec.lua:%d+: client%.timeout cannot be assigned: pass it to "
        .. "ngrok%.client{ timeout = %.%.%. }, or to one call: "
        .. "client%.credentials:get%(id, { timeout = %.%.%. }%)$", message)
      assert.matches("client.on_error cannot be assigned: pass it to ngrok.client{ on_error = ... }",
        assign(client, "on_error", print), 1, true)
      assert.matches("client.base_url cannot be assigned: pass it to ngrok.client{ base_url = ... }",
        assign(client, "base_url", "x"), 1, true)
      assert.equal("function", type(client.timeout))
      assert(client.credentials:create())
    end)

    it("takes nothing else either, and no method's or service's name", function()
      for noun, object in pairs(objects) do
        for _, name in ipairs { "mine", "core", "credentials", "close", "done", "create", "all", 1 } do
          assert.matches(("%s.%s cannot be assigned: keep your own values in another table")
            :format(noun, name), assign(object, name, 1), 1, true)
        end
      end
    end)

    it("does not show the key in a name", function()
      for _, object in pairs(objects) do
        assert.is_nil(assign(object, key, 1):find("canary9", 1, true))
      end
    end)
  end)

  describe("that is read", function()
    it("raises where there is nothing, and tells the nearest name", function()
      assert.matches("proxy_spec.lua:%d+: client has no 'credential' %(did you mean 'credentials'%?%)$",
        read(client, "credential"))
      assert.matches("client.credentials has no 'remove' (there are create, delete, find, find_all, "
        .. "find_or_create, get, list, update)", read(client.credentials, "remove"), 1, true)
      assert.matches("(did you mean 'list'?)", read(client.credentials, "lists"), 1, true)
      assert.matches("(did you mean 'result'?)", read(objects.request, "results"), 1, true)
      assert.matches("(did you mean 'next'?)", read(objects.listing, "nxt"), 1, true)
      assert.matches("client has no '1'", read(client, 1), 1, true)
    end)

    it("has nothing of ours in reach", function()
      for noun, object in pairs(objects) do
        for _, name in ipairs { "core", "client", "loop", "registered", "page", "value", "err", "Proxy" } do
          assert.matches(("%s has no '%s'"):format(noun, name), read(object, name), 1, true)
        end
      end
    end)

    it("has nothing where libraries look for metamethods", function()
      for _, object in pairs(objects) do
        assert.is_nil(object.__index)
        assert.is_nil(object._class)
      end
    end)

    it("does not show the key in a name", function()
      for _, object in pairs(objects) do
        assert.is_nil(read(object, key):find("canary9", 1, true))
      end
    end)
  end)

  it("can be inherited from", function()
    local heir = setmetatable({ mine = 1 }, { __index = client })
    heir.mine = 2
    assert.equal(1, heir:pending())
    assert.equal(2, heir.mine)
    assert.equal(client.credentials, heir.credentials)
  end)

  it("is the same for a loop of the program's own", function()
    local seen, transport = {}, manual_transport.new()
    local loop = { spawn = function(fn) return pcall(fn) end }
    function loop.watch(of) seen.watched = of end
    function loop.wait(of, request)
      seen.waited, seen.request = of, request
      transport:respond(#transport.attempts, manual_transport.credential())
      of:advance(0)
    end
    local own = assert(ngrok.client { transport = transport, loop = loop })
    local request = own.credentials:create({}, { wait = false })
    assert(request:result())
    assert.is_true(own == seen.watched)
    assert.is_true(own == seen.waited)
    assert.is_true(request == seen.request)
    own:close()
  end)
end)

describe("an error", function()
  it("has nil where there is nothing, and takes what a program adds", function()
    local client = assert(ngrok.client { transport = emulator.new() })
    local _, err = client.credentials:get("cr_none")
    assert.is_nil(err.anything)
    err.mine = 1
    assert.equal(1, err.mine)
    client:close()
  end)
end)

describe("the nearest name", function()
  local names = { "create", "credentials", "delete", "get", "list", "update" }

  it("is one that is mistyped, in whatever case, or that is cut off", function()
    for wanted, name in pairs {
      creat = "create", crete = "create", Update = "update", upadte = "update", del = "delete", gets = "get",
      lits = "list", cred = "credentials", credential = "credentials",
    } do
      assert.equal(name, nearest.name(wanted, names), wanted)
    end
  end)

  it("is nil where no name is like it", function()
    for _, wanted in ipairs { "", "x", "remove", "headers", 1, true, ("create"):rep(10) } do
      assert.is_nil(nearest.name(wanted, names))
    end
  end)
end)
