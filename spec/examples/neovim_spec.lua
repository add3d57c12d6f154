--- The plugin in examples/neovim, driven as a user drives it.
if not rawget(_G, "jit") then
  return
end

local neovim = require "spec.support.neovim"
local wires = require "spec.support.wires"

describe("examples/neovim", function()
  local emu

  setup(function()
    emu = wires.tls:start()
  end)

  teardown(function()
    emu:stop()
  end)

  before_each(function()
    emu:reset()
  end)

  -- What a script may use besides.
  local prelude = [[
    local function setup(given)
      local all = vim.tbl_extend("force", options, given or {})
      require("ngrok_credentials").setup(all)
    end

    local function lines()
      return vim.api.nvim_buf_get_lines(0, 0, -1, false)
    end

    local function press(keys)
      vim.api.nvim_feedkeys(keys, "tx", false)
    end

    local function shows(count)
      return function()
        return #lines() == count and lines()[1]:find "cr_" ~= nil
      end
    end

    -- Chooses for the user, and notes what was asked.
    local asked = {}
    local function choose(choice)
      vim.ui.select = function(items, about, on_choice)
        asked[#asked + 1] = about.prompt
        on_choice(items[choice], choice)
      end
    end
  ]]

  local function said(code, given)
    given = given or {}
    given.before = { "set rtp^=examples/neovim", "runtime plugin/ngrok_credentials.lua" }
    local result = neovim.run(prelude .. code, wires.client_options(emu), given)
    assert.equal(0, result.status, result.errors)
    assert.is_nil((result.output .. result.errors):find(emu.api_key, 1, true))
    return result.output, result.errors
  end

  local function seed(count)
    return emu:seed(count, function(index)
      return { description = "device " .. index, acl = { ("bind:%d.example.com"):format(index) } }
    end)
  end

  it("lists each credential's id, creation, rules and description", function()
    local newest = seed(3)[3]
    local output = said [[
      setup()
      vim.cmd "NgrokCredentials"
      when(shows(3), function()
        say(lines()[1])
        say(vim.bo.modifiable, vim.bo.modified, vim.bo.filetype)
        quit()
      end)
    ]]
    assert.equal(("%s  %s  bind:3.example.com  device 3\nfalse false ngrok-credentials\n"):format(
      newest.created_at, newest.id), output)
  end)

  it("shows pages as they come, while the editor goes on", function()
    seed(250)
    emu:misbehave { kind = "delay", seconds = 0.05, count = math.huge }
    local output = said [[
      setup()
      local seen, ticks, timer = {}, 0, vim.loop.new_timer()
      timer:start(1, 1, function() ticks = ticks + 1 end)
      vim.cmd "NgrokCredentials"
      local function watch()
        local count = #lines()
        if seen[#seen] ~= count then
          seen[#seen + 1] = count
        end
        if count < 250 then
          vim.defer_fn(watch, 1)
        else
          timer:close()
          say(table.concat(seen, " "))
          say(ticks > 20)
          quit()
        end
      end
      watch()
    ]]
    assert.equal("1 100 200 250\ntrue\n", output)
  end)

  for _, keys in ipairs { "dd", "x" } do
    it("revokes the credential under the cursor by " .. keys .. " after a confirmation", function()
      local middle = seed(3)[2]
      local output = said(([[
        setup()
        choose(2)
        vim.cmd "NgrokCredentials"
        when(shows(3), function()
          press "j"
          press %q
          when(shows(2), function()
            say(asked[1])
            say(notified[1])
            quit()
          end)
        end)
      ]]):format(keys))
      assert.equal(("Revoke %s device 2? Its agents can not connect any more.\nrevoked %s\n"):format(
        middle.id, middle.id), output)
      local left = emu:credentials()
      assert.same({ 2, "device 3", "device 1" }, { #left, left[1].description, left[2].description })
    end)
  end

  it("revokes nothing without a confirmation", function()
    seed(2)
    assert.equal("1 2\n", (said [[
      setup()
      choose(1)
      vim.cmd "NgrokCredentials"
      when(shows(2), function()
        press "dd"
        vim.ui.select = function(_, _, on_choice) on_choice(nil) end -- by Escape
        press "x"
        say(#asked, #lines())
        quit()
      end)
    ]]))
    assert.equal(2, #emu:credentials())
  end)

  it("shows a credential that is gone already as revoked", function()
    local id = seed(2)[2].id
    emu:misbehave { kind = "status", status = 404, code = "ERR_NGROK_404", path = "/credentials/" .. id }
    assert.equal("revoked " .. id .. "\n", (said [[
      setup()
      choose(2)
      vim.cmd "NgrokCredentials"
      when(shows(2), function()
        press "x"
        when(shows(1), function()
          say(notified[1])
          quit()
        end)
      end)
    ]]))
  end)

  it("lists again by r", function()
    seed(2)
    assert.equal("3\n", (said [[
      setup()
      vim.cmd "NgrokCredentials"
      when(shows(2), function()
        go(function()
          assert(new_client().credentials:create())
          press "r"
          when(shows(3), function()
            say(#lines())
            quit()
          end)
        end)
      end)
    ]]))
  end)

  it("says that the account has no credentials", function()
    assert.equal("no credentials\n", (said [[
      setup()
      choose(2)
      vim.cmd "NgrokCredentials"
      when(function() return lines()[1] == "no credentials" end, function()
        press "x"
        say(lines()[1], unpack(asked))
        quit()
      end)
    ]]))
  end)

  it("shows errors by vim.notify, in the list and in a revocation", function()
    seed(2)
    local output = said [[
      setup()
      choose(2)
      vim.cmd "NgrokCredentials"
      when(shows(2), function()
        require("ngrok_credentials").setup(vim.tbl_extend("force", options, { api_key = "ak_wrong" }))
        press "r"
        when(function() return #notified == 1 end, function()
          say(notified[1])
          quit()
        end)
      end)
    ]]
    assert.truthy(output:find("^credentials%.list failed: .*HTTP 401"), output)
    emu:misbehave { kind = "status", status = 500, after = 1 }
    output = said [[
      setup()
      choose(2)
      vim.cmd "NgrokCredentials"
      when(shows(2), function()
        press "x"
        when(function() return #notified == 1 end, function()
          say(#lines(), notified[1])
          quit()
        end)
      end)
    ]]
    assert.truthy(output:find("^2 credentials%.delete failed: .*HTTP 500"), output)
  end)

  it("says below the pages that came that the rest failed", function()
    seed(150)
    -- Twice, as a failed prefetch is asked for again.
    emu:misbehave { kind = "status", status = 403, after = 1, count = 2 }
    local output = said [[
      setup()
      vim.cmd "NgrokCredentials"
      when(function() return lines()[101] == "failed; r reloads" end, function()
        say(#lines(), lines()[1]:find "cr_" ~= nil, #notified)
        press "r"
        when(shows(150), quit)
      end)
    ]]
    assert.equal("101 true 1\n", output)
  end)

  it("uses NGROK_BASE_URL beside other options", function()
    seed(2)
    local output = said [[
      vim.env.NGROK_BASE_URL = options.base_url
      require("ngrok_credentials").setup { api_key = options.api_key, ca_file = options.ca_file }
      vim.cmd "NgrokCredentials"
      when(shows(2), function()
        say(#lines())
        quit()
      end)
    ]]
    assert.equal("2\n", output)
  end)

  it("shows by vim.notify that there is no key", function()
    assert.equal("ngrok.client failed: no API key: pass api_key or set NGROK_API_KEY in the environment "
      .. "(invalid, validate, not_sent)\nfailed; r reloads\n", (said [[
      vim.cmd "NgrokCredentials"
      when(function() return #notified == 1 end, function()
        say(notified[1])
        say(lines()[1])
        quit()
      end)
    ]]))
  end)

  it("lets its buffer be wiped out while pages come", function()
    seed(250)
    emu:misbehave { kind = "delay", seconds = 0.02, count = math.huge }
    assert.equal("0 false\n", (said [[
      local done = 0
      setup { on_event = function(event)
        done = done + (event.name == "done" and 1 or 0)
      end }
      vim.cmd "NgrokCredentials"
      when(shows(100), function()
        local buffer = vim.api.nvim_get_current_buf()
        vim.cmd "enew"
        when(function() return done == 2 end, function()
          say(#notified, vim.api.nvim_buf_is_valid(buffer))
          quit()
        end)
      end)
    ]]))
  end)

  it("has its own health check, for a library that is installed as a rock", function()
    local output = said [[
      vim.cmd "silent checkhealth ngrok_credentials"
      say(table.concat(lines(), " "))
      quit()
    ]]
    assert.truthy(output:find("OK: ngrok%-api "), output)
  end)
end)
