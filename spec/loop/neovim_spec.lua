--- The client in Neovim's loop: real editors, without a screen.
local neovim = require "spec.support.neovim"
local wires = require "spec.support.wires"

local function without_blanks(text)
  return (text:gsub("%s+", " "))
end

-- Neovim has LuaJIT in it, and loads the modules that are built for that.
if not rawget(_G, "jit") then
  describe("in Neovim", function()
    it(":checkhealth ngrok tells of a module that is built for another Lua", function()
      local result = neovim.run([[
        vim.cmd "silent checkhealth ngrok"
        say(table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), " "))
        quit()
      ]], {}, { before = { "set rtp^=." } })
      assert.equal(0, result.status, result.errors)
      local text = without_blanks(result.output)
      assert.truthy(text:find("ERROR: the C module ngrok.core does not load: error loading", 1, true), text)
      assert.truthy(text:find("luarocks --lua-version 5.1 install ngrok-api", 1, true), text)
    end)
  end)
  return
end

describe("in Neovim", function()
  local emu

  setup(function()
    emu = wires.tls:start()
  end)

  teardown(function()
    emu:stop()
  end)

  before_each(function()
    emu:reset()
    emu:misbehave { kind = "delay", seconds = 0.05, count = math.huge }
  end)

  local function run(code, given)
    return neovim.run(code, wires.client_options(emu), given)
  end

  -- What a script says that ends well and leaves nothing on the editor's stderr, which is where its
  -- messages go.
  local function said(code, given)
    local result = run(code, given)
    assert.same({ 0, "" }, { result.status, result.errors }, result.output)
    return result.output
  end

  it("a call in a coroutine lets the editor go on, and goes on where its API may be called", function()
    assert.equal("not yet\ncr_ written by the plugin false\n", said [[
      local client, answered = new_client(), false
      go(function()
        local credential = assert(client.credentials:create { description = "written by the plugin" })
        answered = true
        vim.api.nvim_buf_set_lines(0, 0, -1, false, { credential.id:sub(1, 3), credential.description })
        say(table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), " "), vim.in_fast_event())
        quit()
      end)
      say(answered and "already" or "not yet")
    ]])
  end)

  it("a callback is called where the API may be called", function()
    assert.equal("from a callback false\n", said [[
      new_client().credentials:create({ description = "from a callback" }, { on_done = function(credential)
        vim.api.nvim_buf_set_lines(0, 0, -1, false, { credential.description })
        say(vim.fn.getline(1), vim.in_fast_event())
        quit()
      end })
    ]])
  end)

  it("whatever is begun in an event of the loop goes on outside of it", function()
    assert.equal("called back false\ncoroutine false\n", said [[
      local client = new_client()
      in_event(1, function()
        client.credentials:create({}, { on_done = function(credential)
          vim.api.nvim_buf_set_lines(0, 0, -1, false, { credential.id })
          say("called back", vim.in_fast_event())
          in_event(1, function()
            go(function()
              assert(client.credentials:create())
              vim.api.nvim_buf_line_count(0)
              say("coroutine", vim.in_fast_event())
              quit()
            end)
          end)
        end })
      end)
    ]])
  end)

  it("a close in an event of the loop has callbacks and coroutines called outside of it", function()
    assert.equal("callback cancelled false\ncoroutine cancelled false\n", said [[
      local client, lines = new_client(), {}
      client.credentials:create({}, { on_done = function(_, err)
        vim.api.nvim_buf_line_count(0)
        lines[#lines + 1] = "callback " .. err.kind .. " " .. tostring(vim.in_fast_event())
      end })
      go(function()
        local _, err = client.credentials:create()
        vim.api.nvim_buf_line_count(0)
        lines[#lines + 1] = "coroutine " .. err.kind .. " " .. tostring(vim.in_fast_event())
      end)
      in_event(5, function() client:close() end)
      when(function() return #lines == 2 end, function()
        table.sort(lines)
        say(table.concat(lines, "\n"))
        quit()
      end)
    ]])
  end)

  it("a list is walked in a coroutine, page by page", function()
    emu:seed(250)
    assert.equal("250 3\n", said [[
      local client, items, pages = new_client(), 0, 0
      go(function()
        for _ in client.credentials:list() do
          items = items + 1
        end
        for _ in client.credentials:list():pages() do
          pages = pages + 1
        end
        say(items, pages)
        quit()
      end)
    ]])
  end)

  it("timers tick while a server takes its time", function()
    emu:reset()
    emu:misbehave { kind = "delay", seconds = 0.2 }
    local ticks = tonumber(said [[
      local client, ticks, timer = new_client(), 0, vim.loop.new_timer()
      timer:start(1, 1, function() ticks = ticks + 1 end)
      go(function()
        assert(client.credentials:create())
        timer:close()
        say(ticks)
        quit()
      end)
    ]])
    assert.is_true(ticks > 20, tostring(ticks))
  end)

  it("a plain call on the main thread is an error that tells the ways out, and sends nothing", function()
    assert.equal("invalid not_sent waiting here would freeze the editor: call it in a coroutine, "
      .. "or pass on_done, or wait = false\n", said [[
      local _, err = new_client().credentials:create()
      say(err.kind, err.outcome, err.message)
      quit()
    ]])
    assert.same({}, emu:requests())
  end)

  it("vim.wait waits for a request, if need be", function()
    assert.equal("true waited for\n", said [[
      local request = new_client().credentials:create({ description = "waited for" }, { wait = false })
      say(vim.wait(5000, function() return request:done() end), request:result().description)
      quit()
    ]])
  end)

  it("a callback may let the editor's loop run, and no other callback is forgotten", function()
    assert.equal("4\n", said [[
      local client, called = new_client(), 0
      for index = 1, 4 do
        client.credentials:create({}, { on_done = function()
          called = called + 1
          if called == 1 then
            vim.wait(150)
          end
        end })
      end
      when(function() return called == 4 end, function()
        say(called)
        quit()
      end)
    ]])
  end)

  it("error objects that are raised are shown by vim.notify, and the editor lives", function()
    local result = run [[
      local client = new_client()
      client.credentials:get("cr_none", { on_done = function(_, err) error(err) end })
      client.credentials:get("cr_none", { on_done = function()
        error(setmetatable({}, { __tostring = function() return "of the plugin's own" end }))
      end })
      coroutine.wrap(function()
        local _, err = client.credentials:get("cr_none")
        error(err)
      end)()
      when(function() return #notified == 3 end, function()
        table.sort(notified)
        say(table.concat(notified, "\n"))
        go(function()
          say("and then: " .. assert(client.credentials:create { description = "alive" }).description)
          quit()
        end)
      end)
    ]]
    assert.equal(0, result.status, result.errors)
    local _, count = result.output:gsub("ngrok: a callback failed: credentials%.get failed: [^\n]+\n", "")
    assert.equal(2, count, result.output)
    assert.truthy(result.output:find("ngrok: a callback failed: of the plugin's own\nand then: alive\n", 1,
      true))
    assert.truthy(without_blanks(result.errors):find("credentials.get failed", 1, true))
  end)

  it("each and drain wait in a coroutine, and the editor goes on", function()
    assert.equal("goes on\n1 2 2\ntrue 3 0\n", said [[
      local client, now, most, calls = new_client(), 0, 0, 0
      go(function()
        local failures = ngrok.each({ 1, 2, 3, 4 }, { concurrency = 2 }, function(number)
          now = now + 1
          most = math.max(most, now)
          local made, err = client.credentials:create()
          now = now - 1
          assert(number ~= 2, "no two")
          return made, err
        end)
        say(#failures, failures[1].item, most)
        for _ = 1, 3 do
          client.credentials:create({}, { on_done = function()
            vim.api.nvim_buf_line_count(0)
            calls = calls + 1
          end })
        end
        say(client:drain(20), calls, client:pending())
        quit()
      end)
      say "goes on"
    ]])
  end)

  it("each and drain say outside a coroutine that they would freeze the editor", function()
    assert.equal("true true\n", said [[
      local client = new_client()
      local failures = ngrok.each({ 1 }, nil, function() return client.credentials:create() end)
      client.credentials:create({}, { on_done = quit })
      local _, err = client:drain(20)
      local function names_the_freeze(one)
        return one.message:find "freeze the editor" ~= nil
      end
      say(names_the_freeze(failures[1].error), names_the_freeze(err))
    ]])
  end)

  it("on_event gets each event where the API may be called, and may fail", function()
    assert.equal("submitted attempt done\nfailed 3\n", said [[
      local names, failed, client = {}, 0, nil
      client = new_client {
        on_event = function(event)
          vim.api.nvim_buf_line_count(0)
          names[#names + 1] = event.name
          error({})
        end,
        on_error = function() failed = failed + 1 end,
      }
      in_event(1, function() client.credentials:create({}, { wait = false }) end)
      when(function() return failed == 3 end, function()
        say(table.concat(names, " "))
        say("failed", failed)
        quit()
      end)
    ]])
  end)

  it("errors go to on_error where there is one", function()
    assert.equal("api 404 false 0\n", said [[
      local client
      client = new_client { on_error = function(err)
        vim.api.nvim_buf_line_count(0)
        say(err.kind, err.status, vim.in_fast_event(), #notified)
        quit()
      end }
      client.credentials:get("cr_none", { on_done = function(_, err) error(err) end })
    ]])
  end)

  it("the editor may be left with requests in flight", function()
    assert.equal("leaving\n", said [[
      local client = new_client()
      for _ = 1, 3 do
        client.credentials:create({}, { on_done = function() end })
      end
      go(function() client.credentials:create() end)
      client.credentials:list():next()
      vim.defer_fn(function()
        say("leaving")
        quit()
      end, 10)
    ]])
  end)

  it("and left in a callback", function()
    assert.equal("leaving\n", said [[
      local client, left = new_client(), false
      for _ = 1, 3 do
        client.credentials:create({}, { on_done = function()
          if not left then
            left = true
            say("leaving")
          end
          quit()
        end })
      end
    ]])
  end)

  it("two clients work side by side, and one that is closed does not disturb the other", function()
    assert.equal("one 5 other cancelled\n", said [[
      local one, other, count, kind = new_client(), new_client(), 0, nil
      other.credentials:create({}, { on_done = function(_, err) kind = err and err.kind or "created" end })
      go(function()
        for _ = 1, 5 do
          assert(one.credentials:create())
          count = count + 1
          other:close()
        end
        say("one", count, "other", kind)
        quit()
      end)
      in_event(5, function() other:close() end)
    ]])
  end)

  it("a client works without a descriptor, too", function()
    assert.equal("in process\ncancelled false\n", said [[
      local emu = require("ngrok.emulator").new()
      local client = assert(ngrok.client { transport = emu })
      go(function()
        say(assert(client.credentials:create { description = "in process" }).description)
        emu:misbehave { kind = "hang" }
        local request = client.credentials:create({}, { wait = false })
        in_event(5, function() request:cancel() end)
        local _, err = request:result()
        say(err.kind, vim.in_fast_event())
        quit()
      end)
    ]])
  end)

  it("vim.uv is used where the editor has it", function()
    assert.equal("true\n", said [[
      local asked = false
      vim.uv = setmetatable({}, { __index = function(_, name)
        asked = true
        return vim.loop[name]
      end })
      go(function()
        assert(new_client().credentials:create())
        say(asked)
        quit()
      end)
    ]])
  end)

  it("the key is nowhere in the messages", function()
    local result = run [[
      local client = new_client()
      client.credentials:get("cr_none", { on_done = function()
        error("the key is " .. options.api_key, 0)
      end })
      client.credentials:get("cr_none", { on_done = function(_, err) error(err) end })
      when(function() return #notified == 2 end, function()
        say(vim.api.nvim_exec("messages", true))
        quit()
      end)
    ]]
    assert.equal(0, result.status, result.errors)
    assert.truthy(result.output:find("the key is [redacted]", 1, true), result.output)
    assert.is_nil((result.output .. result.errors):find(emu.api_key, 1, true))
  end)

  describe(":checkhealth ngrok", function()
    local function health(environment, code)
      return without_blanks(said((code or "") .. [[
        vim.cmd "silent checkhealth ngrok"
        say(table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n"))
        quit()
      ]], { environment = environment, before = { "set rtp^=." } }))
    end

    it("tells what is loaded, and that there is a key, but not the key", function()
      local text = health { NGROK_API_KEY = "ak_never_to_be_shown" }
      assert.truthy(text:find("OK: ngrok%-api %d+%.%d+%.%d+ on LuaJIT 2"), text)
      assert.truthy(text:find("ngrok%.core from /[^ ]+/core%.so"), text)
      assert.truthy(text:find("OK: libcurl/%d+%.%d+"), text)
      assert.truthy(text:find("OK: TLS by %w+/%d"), text)
      assert.truthy(text:find("OK: CA certificates: /", 1, true), text)
      assert.truthy(text:find("OK: NGROK_API_KEY is set", 1, true), text)
      assert.truthy(text:find('OK: calls use the loop "uv"', 1, true), text)
      assert.truthy(text:find("in a coroutine", 1, true), text)
      assert.is_nil(text:find("never_to_be", 1, true))
      assert.is_nil(text:find("ERROR", 1, true))
    end)

    it("warns where there is no key, or one that cannot be right, and does not show that", function()
      assert.truthy(health():find("WARNING: no API key: pass api_key or set NGROK_API_KEY", 1, true))
      local text = health { NGROK_API_KEY = "ak_with a blank" }
      assert.truthy(text:find("WARNING: NGROK_API_KEY contains a space", 1, true), text)
      assert.is_nil(text:find("ak_with", 1, true))
    end)

    it("tells what to do where the module does not load", function()
      local text = health(nil, "package.loaded['ngrok.core'], package.cpath = nil, '/nonexistent/?.so'")
      assert.truthy(text:find("ERROR: the C module ngrok.core does not load: module", 1,
        true), text)
      assert.truthy(text:find("luarocks --lua-version 5.1 install ngrok-api", 1, true), text)
      assert.truthy(text:find("package.cpath", 1, true), text)
    end)

    it("calls the functions of vim.health by the names of today", function()
      local text = said [[
        vim.health = setmetatable({}, { __index = function(_, name)
          return function(message) say(name, message) end
        end })
        require("ngrok.health").check()
        quit()
      ]]
      assert.truthy(text:find("^start ngrok\nok ngrok%-api "), text)
      assert.truthy(text:find("\nwarn no API key", 1, true), text)
      assert.truthy(text:find("\ninfo call operations in a coroutine", 1, true), text)
    end)
  end)
end)
