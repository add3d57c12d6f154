-- Every operation against every failure: how often it is sent, what it returns, and what the account then
-- holds. The runs make the table of docs/failures.md, and the specs compare them with it.
--
-- UPDATE_FAILURES=1 writes the file again.
local core = require "ngrok.core"
local emulator = require "ngrok.emulator"
local luv = require "luv"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local raw_server = require "spec.support.raw_server"

local path = "docs/failures.md"

local preface = [[
# What happens when something fails

Each operation with each failure, with `max_retries = 1`: two attempts at most (four with the default of 3).
*always*: every attempt fails; *once*: the first fails, and the next works. *sent*: how many requests the
server saw. *returned*: what the operation returns (`kind`/`phase`/`outcome`, and the status where one came).
*account*: what the account holds after it. `spec/failure_table_spec.lua` runs all of it on each Lua, and
writes this file.

]]

local operations = {
  {
    name = "create",
    call = function(credentials, _, options) return credentials:create({ description = "made" }, options) end,
    call_large = function(credentials, _, large)
      return credentials:create({ metadata = large }, { validate = false })
    end,
    account = function(held) return held.made == 0 and "none made" or held.made .. " made" end,
  },
  {
    name = "get",
    call = function(credentials, id, options) return credentials:get(id, options) end,
    account = function() return "as it was" end,
  },
  {
    name = "list",
    call = function(credentials, _, options) return credentials:list({}, options):all() end,
    account = function() return "as it was" end,
  },
  {
    name = "update",
    call = function(credentials, id, options)
      return credentials:update(id, { metadata = "new" }, options)
    end,
    call_large = function(credentials, id, large)
      return credentials:update(id, { metadata = large }, { validate = false })
    end,
    account = function(held) return "the " .. tostring(held.metadata) .. " one" end,
  },
  {
    name = "delete",
    call = function(credentials, id, options) return credentials:delete(id, options) end,
    account = function(held) return held.metadata and "not deleted" or "deleted" end,
  },
}

local short = 0.2 -- seconds

-- Faults of the emulator, once or always.
local faults = {
  { name = "reset before it was processed", fault = { kind = "reset_before" } },
  { name = "the same, on a connection that was used before", fault = { kind = "reset_before" }, warm = true },
  { name = "reset after it was processed", fault = { kind = "reset_after" } },
  { name = "a response that is cut off", fault = { kind = "truncate" } },
  { name = "429", fault = { kind = "status", status = 429 }, options = { max_wait = 0.6 } },
  {
    name = "429 with Retry-After",
    fault = { kind = "status", status = 429, retry_after = 1 }, only = "once",
  },
  { name = "500", fault = { kind = "status", status = 500 } },
  { name = "502 from a proxy", fault = { kind = "status", status = 502, format = "html" } },
  { name = "503", fault = { kind = "status", status = 503 } },
  { name = "503, but it was processed", fault = { kind = "status", status = 503, processed = true } },
  { name = "a success without JSON", fault = { kind = "invalid_json" } },
  { name = "no response in time", fault = { kind = "hang" }, options = { timeout = short }, only = "always" },
  {
    name = "no response in half of the time, on a connection that was used before",
    fault = { kind = "hang" }, warm = true, options = { timeout = 1 }, only = "once",
  },
}

-- Listens for connections and accepts none; so many wait that the kernel does not respond to the next.
local function crowded_server()
  local listener, crowd = luv.new_tcp(), {}
  assert(listener:bind("127.0.0.1", 0))
  assert(listener:listen(1, function() end))
  local port = listener:getsockname().port
  for index = 1, 8 do
    crowd[index] = luv.new_tcp()
    assert(crowd[index]:connect("127.0.0.1", port))
  end
  return {
    base_url = "http://127.0.0.1:" .. port,
    requests = function() return {} end,
    stop = function()
      listener:close()
      for _, connection in ipairs(crowd) do
        connection:close()
      end
      luv.run "nowait" -- which closes them
    end,
  }
end

-- Each opens its server and returns a client's options and the server.
local function behind_tls(tls)
  return function()
    local emu = assert(emulator.start { tls = tls })
    return { base_url = emu.base_url, ca_file = emu.ca_file }, emu
  end
end

local function behind_crowd(option)
  return function()
    local server = crowded_server()
    return { base_url = server.base_url, [option] = short }, server
  end
end

local function behind_paused(scheme, option)
  return function()
    local server = raw_server.start()
    server:pause(true)
    return { base_url = (server.base_url:gsub("^http", scheme)), [option] = short }, server
  end
end

-- Failures of other servers, or of none.
local places = {
  { name = "no such host", open = function() return { base_url = "https://ngrok-api.invalid" } end },
  { name = "connection refused", open = function() return { base_url = "http://127.0.0.1:1" } end },
  { name = "a certificate that is not trusted", open = behind_tls { certificate = "untrusted" } },
  { name = "closed in the TLS handshake", open = behind_tls { handshake = "close" } },
  { name = "not connected in connect_timeout", open = behind_crowd "connect_timeout" },
  { name = "not connected in time", open = behind_crowd "timeout" },
  { name = "no TLS handshake in connect_timeout", open = behind_paused("https", "connect_timeout") },
  { name = "no TLS handshake in time", open = behind_paused("https", "timeout") },
  {
    name = "a large body not read in time", open = behind_paused("http", "timeout"),
    large = ("m"):rep(2 ^ 24), -- more than the system buffers
  },
}

local function returned(value, err)
  if value ~= nil then
    return "success"
  end
  local words = ("%s/%s/%s"):format(err.kind, err.phase, err.outcome)
  return err.status and ("%s, %d"):format(words, err.status) or words
end

-- Back-offs and pauses are as short as only the core can make them.
local wait_scale = 0.02
local new_core = core.client

local function new_client(options)
  local all = { max_retries = 1, max_wait = 5, rate_limit = { requests = 1000, window = 0.2 } }
  for name, value in pairs(options) do
    all[name] = value
  end
  for _, name in ipairs { "timeout", "connect_timeout", "max_wait" } do
    all[name] = all[name] and timing.scaled(all[name])
  end
  return assert(ngrok.client(all))
end

-- What the account holds of the two credentials that an operation may change.
local function holdings(emu, id)
  local held = { made = 0 }
  for _, credential in ipairs(emu:credentials()) do
    if credential.description == "made" then
      held.made = held.made + 1
    elseif credential.id == id then
      held.metadata = credential.metadata
    end
  end
  return held
end

local function row(name, cells)
  return ("| %s | %s |\n"):format(name, table.concat(cells, " | "))
end

describe("the table of failures", function()
  local emu

  setup(function()
    emu = assert(emulator.start())
    core.client = function(settings)
      settings.wait_scale = wait_scale
      return new_core(settings)
    end
  end)

  teardown(function()
    core.client = new_core
    emu:stop()
  end)

  local function play(operation, case, always)
    emu:reset()
    local id = emu:seed(1, { metadata = "old" })[1].id
    local options = { api_key = emu.api_key, base_url = emu.base_url }
    for name, value in pairs(case.options or {}) do
      options[name] = value
    end
    local client = new_client(options)
    if case.warm then
      assert(client.credentials:get(id))
    end
    local before = #emu:requests()
    local fault = { count = always and math.huge or 1 }
    for name, value in pairs(case.fault) do
      fault[name] = value
    end
    emu:misbehave(fault)
    local value, err = operation.call(client.credentials, id)
    client:close()
    local sent = #emu:requests() - before
    -- How many pauses fit into max_wait depends on the machine.
    local often = always and fault.status == 429 and sent > 1 and "until max_wait" or tostring(sent)
    assert.truthy(value or err.attempts == sent, "attempts")
    return { often, returned(value, err), operation.account(holdings(emu, id)) }
  end

  local function played(case, always)
    local text = ""
    for _, operation in ipairs(operations) do
      local cells = play(operation, case, always)
      local how = always and "always" or "once"
      text = text .. row(("%s, %s | %s"):format(case.name, how, operation.name), cells)
    end
    return text
  end

  -- Some operations have no body.
  local function touched_by(place)
    local touched = {}
    for _, operation in ipairs(operations) do
      if operation.call_large or not place.large then
        touched[#touched + 1] = operation
      end
    end
    return touched
  end

  local function visited(place)
    local text = ""
    local options, server = place.open()
    options.api_key = "a_key"
    for _, operation in ipairs(touched_by(place)) do
      local client = new_client(options)
      local call = place.large and operation.call_large or operation.call
      local value, err = call(client.credentials, "cr_1", place.large)
      client:close()
      local sent = server and #server:requests() or 0
      local cells = { ("%d of %d attempts"):format(sent, err.attempts), returned(value, err), "as it was" }
      text = text .. row(("%s | %s"):format(place.name, operation.name), cells)
    end
    if server then
      server:stop()
    end
    return text
  end

  local sections = {}

  for _, place in ipairs(places) do
    sections[#sections + 1] = {
      name = place.name, rows = #touched_by(place), make = function() return visited(place) end,
    }
  end
  for _, case in ipairs(faults) do
    for _, how in ipairs { "always", "once" } do
      if not case.only or case.only == how then
        sections[#sections + 1] = {
          name = case.name .. ", " .. how, rows = #operations,
          make = function() return played(case, how == "always") end,
        }
      end
    end
  end

  local heading = row("failure", { "operation", "sent", "returned", "account" })
    .. "| --- | --- | --- | --- | --- |\n"

  if os.getenv "UPDATE_FAILURES" then
    it("is written again", function()
      local parts = { preface, heading }
      for _, section in ipairs(sections) do
        parts[#parts + 1] = section.make()
      end
      local file = assert(io.open(path, "wb"))
      file:write(table.concat(parts))
      file:close()
    end)
    return
  end

  local file = assert(io.open(path, "rb"))
  local written = file:read("*a")
  file:close()

  it("begins with what its columns mean", function()
    assert.equal(preface .. heading, written:sub(1, #preface + #heading))
  end)

  local rows = #preface + #heading
  for _, section in ipairs(sections) do
    it("is right about " .. section.name, function()
      local found = section.make()
      assert.truthy(written:find("\n" .. found, rows, true), "not in the table:\n" .. found)
    end)
  end

  it("has nothing else", function()
    local _, lines = written:sub(rows + 1):gsub("\n", "")
    local expected = 0
    for _, section in ipairs(sections) do
      expected = expected + section.rows
    end
    assert.equal(expected, lines)
  end)
end)
