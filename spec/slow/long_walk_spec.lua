-- A walk over a large account, and a thousand walks that are left: nothing may add up.

local child = require "spec.support.child"
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"

-- Kibibytes. A leak would be larger: 90 pages of 100 items take some 60 each in Lua, and 800 requests 1,200
-- in C. The measure may see one page more or less, and LuaJIT's heap moves by 300 without a leak.
local most_growth = { lua = 128, process = 640 }

-- In its own process: in a heap with many holes a leak would only fill them.
local measured = [[
local footprint = require "spec.support.footprint"
local ngrok = require "ngrok"
local client = assert(ngrok.client { base_url = %q, api_key = %q, rate_limit = false })
local before

local function measure()
  return { lua = footprint.of_lua(), process = footprint.of_process(), descriptors = footprint.descriptors() }
end

local function begin()
  before = measure()
end

local function report()
  for name, now in pairs(measure()) do
    print(("%%s %%d"):format(name, math.ceil(now - before[name])))
  end
  print("pending " .. client:pending())
end
]]

-- Runs a program that calls `begin` and, at its end, `report`.
local function growth_in(server, program)
  local result = child.run(measured:format(server.base_url, server.api_key) .. program)
  assert.equal("", result.errors)
  local growth = {}
  for name, number in result.output:gmatch("(%w+) (%-?%d+)\n") do
    growth[name] = tonumber(number)
  end
  return growth
end

local function check_growth(growth)
  for name, most in pairs(most_growth) do
    local by = growth[name] or 0 -- absent where it cannot be measured
    assert.is_true(by < most, ("%s has grown by %d KiB"):format(name, by))
  end
  assert.equal(0, growth.pending)
  -- Connections close with pages that are left half read.
  assert.is_true((growth.descriptors or 0) < 8, "descriptors are left open")
end

local function serve(count, options)
  local server = assert(emulator.start(options))
  local ids = {}
  for index, credential in ipairs(server:seed(count)) do
    ids[count + 1 - index] = credential.id -- newest first
  end
  local client = assert(ngrok.client {
    base_url = server.base_url, api_key = server.api_key, rate_limit = false,
  })
  return server, client, ids
end

local function connections_of(requests)
  local seen, count = {}, 0
  for _, request in ipairs(requests) do
    if not seen[request.connection] then
      seen[request.connection], count = true, count + 1
    end
  end
  return count
end

describe("A walk over 10,000 credentials", function()
  local server, client, ids

  setup(function()
    server, client, ids = serve(10000)
  end)

  teardown(function()
    client:close()
    server:stop()
  end)

  it("delivers each of them once, in order, with 100 requests on one connection", function()
    local index = 0
    for credential in client.credentials:list { limit = 100 } do
      index = index + 1
      if credential.id ~= ids[index] then
        assert.equal(ids[index], credential.id, "number " .. index)
      end
    end
    assert.equal(10000, index)

    local requests = server:requests()
    assert.equal(100, #requests)
    assert.equal(1, connections_of(requests))
    for number, request in ipairs(requests) do
      assert.equal("/credentials", request.path)
      assert.equal(200, request.status)
      local last_seen = ids[(number - 1) * 100]
      assert.equal(last_seen, request.query:match("before_id=([%w_]+)"))
      assert.truthy(request.query:find("limit=100", 1, true))
    end
  end)

  it("takes no more memory at its end than near its beginning", function()
    check_growth(growth_in(server, [[
      local pages = 0
      for _ in client.credentials:list { limit = 100 }:pages() do
        pages = pages + 1
        if pages == 10 then
          begin()
        elseif pages == 100 then
          report()
        end
      end
    ]]))
  end)
end)

describe("A walk left in the middle, 1,000 times", function()
  local server, client

  before_each(function()
    server, client = serve(60, { keep_requests = 4000 })
  end)

  after_each(function()
    client:close()
    server:stop()
  end)

  -- On the first or second page of three. LuaJIT's `for` closes nothing, so the program collects.
  it("leaves no request, no memory and no descriptor behind", function()
    check_growth(growth_in(server, [[
      for round = 1, 1000 do
        local items = 0
        for _ in client.credentials:list { limit = 20 } do
          items = items + 1
          if items == 1 + round % 40 then
            break
          end
        end
        if round % 50 == 0 then
          collectgarbage()
          collectgarbage()
        end
        if round == 200 then
          begin()
        end
      end
      report()
      assert(client.credentials:list():next())
    ]]))
  end)

  it("keeps one connection with prefetch = false", function()
    for round = 1, 1000 do
      local items = 0
      for _ in client.credentials:list({ limit = 20 }, { prefetch = false }) do
        items = items + 1
        if items == 1 + round % 40 then
          break
        end
      end
    end
    assert.equal(0, client:pending())
    local requests = server:requests()
    assert.equal(1500, #requests)
    assert.equal(1, connections_of(requests))
  end)
end)
