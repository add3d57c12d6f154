-- Filters as tables: what they find, what they become in CEL, and what is refused before anything is sent.
local emulator = require "ngrok.emulator"
local hosts = require "spec.support.hosts"
local ngrok = require "ngrok"

local function unescape(query)
  return (query:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
end

hosts.describe("a filter as a table", function(host)
  local emu, credentials

  before_each(function()
    emu, credentials = host.emulator, host.client.credentials
    local seeds = {
      {
        description = "old", created_at = "2020-02-29T12:00:00Z", owner_id = "usr_1", acl = { "bind:a.com" },
      },
      { description = "new", owner_id = "usr_2", acl = { "bind:b.com", "bind:a.com" } },
      { metadata = "no description", owner_id = "usr_3" },
    }
    emu:seed(#seeds, function(index) return seeds[index] end)
  end)

  local function found(filter)
    local names = {}
    for _, credential in ipairs(assert(credentials:list({ filter = filter }):all())) do
      names[#names + 1] = credential.description or "unnamed"
    end
    table.sort(names)
    return table.concat(names, " ")
  end

  it("finds what equals a value", function()
    assert.equal("old", found { description = "old" })
    assert.equal("", found { description = "ol" })
    assert.equal("unnamed", found { description = "" })
  end)

  it("finds what equals one of several values", function()
    assert.equal("new old", found { owner_id = { "usr_1", "usr_2", "usr_9" } })
    assert.equal("old unnamed", found { description = { "old", "" } })
  end)

  it("finds what fulfils all conditions", function()
    assert.equal("old", found { description = { "old", "new" }, owner_id = "usr_1" })
    assert.equal("", found { description = "old", owner_id = "usr_2" })
  end)

  it("compares times in seconds, as RFC 3339 and as ages", function()
    for _, age in ipairs { "90d", "24h", "30m", "59s" } do
      assert.equal("old", found { created_at = { before = age } })
      assert.equal("new unnamed", found { created_at = { after = age } })
    end
    for _, moment in ipairs { 1582977600, "2020-02-29T12:00:00Z", "2020-02-29T14:00:00+02:00" } do
      assert.equal("old", found { created_at = moment })
      assert.equal("old", found { created_at = { moment } })
      assert.equal("", found { created_at = { before = moment } }) -- neither includes the moment
      assert.equal("new unnamed", found { created_at = { after = moment } })
    end
    assert.equal("old", found { created_at = { after = 1582977599.5, before = 1582977600.5 } })
  end)

  it("finds arrays with the same strings in any order, and arrays that have a string", function()
    assert.equal("new", found { acl = { "bind:a.com", "bind:b.com" } })
    assert.equal("old", found { acl = { "bind:a.com" } })
    assert.equal("unnamed", found { acl = {} })
    assert.equal("new old", found { acl = "bind:a.com" })
  end)
end)

describe("a filter as a table", function()
  local emu, client

  before_each(function()
    emu = emulator.new()
    client = assert(ngrok.client { transport = emu })
  end)

  after_each(function()
    client:close()
  end)

  -- What a list sends, decoded.
  local function written(filter, service)
    assert((service or client.credentials):list({ filter = filter }):all())
    local requests = emu:requests()
    return unescape(requests[#requests].query):match "^filter=(.*)$"
  end

  local function assert_refused(words, filter)
    local items, err = client.credentials:list({ filter = filter }):all()
    assert.is_nil(items)
    assert.same({ "invalid", "validate", "not_sent", "credentials.list" },
      { err.kind, err.phase, err.outcome, err.operation })
    assert.matches(words, err.message, 1, true)
    assert.same({}, emu:requests())
  end

  local function assert_raises(words, filter, service)
    local fine, message = pcall(function() (service or client.credentials):list { filter = filter } end)
    assert.is_false(fine)
    assert.matches(words, message, 1, true)
    assert.matches("filter_spec.lua", message, 1, true) -- at the program's line
    assert.same({}, emu:requests())
  end

  it("becomes CEL, in the order of the names", function()
    assert.equal('obj.created_at < timestamp(time.now).subtract("90d") && obj.description == "box 7" && '
      .. 'obj.owner_id in ["usr_1", "usr_2"]', written {
        description = "box 7", owner_id = { "usr_1", "usr_2" }, created_at = { before = "90d" },
      })
    assert.equal('obj.created_at < timestamp("2020-01-01T00:00:00Z")',
      written { created_at = { before = 1577836800 } })
    assert.equal('obj.pooling_enabled == true && obj.updated_at > timestamp("2020-01-01T00:00:00.250000Z")',
      written({ pooling_enabled = true, updated_at = { after = 1577836800.25 } }, client.endpoints))
  end)

  it("finds nothing by a time that was never set", function()
    assert(client.endpoints:create { url = "https://x.example.com", type = "cloud", traffic_policy = "{}" })
    assert.same({}, client.endpoints:list({ filter = { updated_at = { before = "1s" } } }):all())
    assert.same({}, client.endpoints:list({ filter = { updated_at = { after = "1s" } } }):all())
  end)

  it("is refused where a time cannot be read", function()
    local words = "filter.created_at.before must be a time: seconds since 1970, RFC 3339, or an age such as"
    for _, value in ipairs {
      "", "yesterday", "90", "90 d", "90D", "-90d", "1.5d", "2w", "1h30m", "2023-07-31",
      "2023-02-29T00:00:00Z",
      "2023-13-01T00:00:00Z", "2023-07-31T24:00:00Z", "2023-07-31T00:00:00+24:00", '90d")',
      -1, 253402300800, math.huge, 0 / 0,
    } do
      assert_refused(words, { created_at = { before = value } })
    end
    assert_refused("filter.created_at must be a time: seconds since 1970 or RFC 3339", { created_at = "90d" })
  end)

  it("is refused where it has no condition, no value, or a string twice", function()
    assert_refused("filter is empty: name at least one field", {})
    assert_refused("filter.owner_id is empty: give at least one value", { owner_id = {} })
    assert_refused("filter.created_at is empty", { created_at = {} })
    assert_refused("filter.acl has a string twice", { acl = { "*", "*" } })
  end)

  it("is refused where a text is not valid UTF-8", function()
    assert_refused("filter.description is not valid UTF-8", { description = "\255" })
    assert_refused("filter.owner_id[2] is not valid UTF-8", { owner_id = { "usr_1", "\192\128" } })
    assert_refused("filter.acl[1] is not valid UTF-8", { acl = { "\255" } })
    assert_refused("filter.acl is not valid UTF-8", { acl = "\255" })
  end)

  it("raises the name of a field that does not exist or cannot be compared, and the nearest", function()
    assert_raises("credentials.list: filter: the field 'descripton' does not exist: did you mean "
      .. "'description'? (there are acl, created_at, description, id, metadata, owner_id)",
      { descripton = "x" })
    assert_raises("the field 'token' cannot be compared", { token = "x" })
    assert_raises("the field 'domain' cannot be compared", { domain = "rd_1" }, client.endpoints)
    assert_raises("the field '1' does not exist", { "x" })
    assert_raises("the field '[redacted]'", { ["2TMGGIw07ve6R3DQzMrN3964IKQ_5JsFk4rfMHdTH7B96qRVD"] = 1 })
  end)

  it("raises where a value has a wrong type", function()
    assert_raises("filter.description must be a string or an array of strings, got number",
      { description = 5 })
    assert_raises("filter.description must be a string or an array of strings, got table",
      { description = { "a", x = 1 } })
    assert_raises("filter.description must be a string or an array of strings, got userdata",
      { description = ngrok.null })
    assert_raises("filter.owner_id[2] must be a string, got boolean", { owner_id = { "usr_1", true } })
    assert_raises("filter.acl must be a string or an array of strings, got boolean", { acl = true })
    assert_raises("filter.created_at must be a time, an array of times or { before =, after = }, got boolean",
      { created_at = true })
    assert_raises("filter.created_at may have before and after, and nothing else",
      { created_at = { before = "1d", since = "2d" } })
    assert_raises("filter.created_at.after must be a time, got table", { created_at = { after = {} } })
    assert_raises("filter.pooling_enabled must be a boolean", { pooling_enabled = "true" }, client.endpoints)
  end)

  it("is an unknown name for a list that takes no filter", function()
    assert_raises("unknown name 'filter'", { id = "tn_1" }, client.tunnels)
  end)
end)

describe("ngrok.quote", function()
  it("writes a string as a filter has it", function()
    assert.equal('"box 7"', ngrok.quote "box 7")
    assert.equal('"\\" || \\\\\\" || true"', ngrok.quote '" || \\" || true')
  end)

  it("refuses what is not UTF-8, and raises for what is not a string", function()
    local quoted, err = ngrok.quote "\255"
    assert.is_nil(quoted)
    assert.same({ "invalid", "ngrok.quote" }, { err.kind, err.operation })
    for _, value in ipairs { 5, true, {} } do
      local fine, message = pcall(ngrok.quote, value)
      assert.is_false(fine)
      assert.matches("ngrok.quote: a string expected, got " .. type(value), message, 1, true)
    end
  end)
end)
