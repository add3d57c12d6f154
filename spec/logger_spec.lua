-- Lines for people: ngrok.logger, and what NGROK_DEBUG=1 writes.
local child = require "spec.support.child"
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"

describe("ngrok.logger", function()
  local emu, lines, client

  local function write(line)
    lines[#lines + 1] = line:gsub("%d+%.?%d* s", "N s"):gsub("op_%w+", "op_X")
  end

  before_each(function()
    emu, lines = emulator.new(), {}
    client = assert(ngrok.client { transport = emu, max_retries = 1, on_event = ngrok.logger(write) })
  end)

  after_each(function()
    client:close()
  end)

  it("writes a line for each event", function()
    assert(client.credentials:create { description = "secret" })
    assert.same({
      "ngrok: credentials.create #1: submitted\n",
      "ngrok: credentials.create #1: attempt 1\n",
      "ngrok: credentials.create #1: done after N s (HTTP 201, op_X)\n",
    }, lines)
  end)

  it("says what failed, when it is tried again, and how it ended", function()
    emu:misbehave { kind = "status", status = 503, count = 2, message = "not\nnow" }
    client.credentials:get "cr_1"
    assert.same({
      "ngrok: credentials.get #1: submitted\n",
      "ngrok: credentials.get #1: attempt 1\n",
      "ngrok: credentials.get #1: attempt 1 failed, waits N s to back off: not now "
        .. "(api, HTTP 503, receive, unknown, op_X)\n",
      "ngrok: credentials.get #1: attempt 2\n",
      "ngrok: credentials.get #1: failed after N s: not now (api, HTTP 503, receive, unknown, op_X)\n",
    }, lines)
  end)

  it("says what a request waits for", function()
    local limited = assert(ngrok.client {
      transport = emu, rate_limit = { requests = 1, window = 0.1 }, on_event = ngrok.logger(write),
    })
    assert(limited.credentials:create())
    assert(limited.credentials:create())
    limited:close()
    assert.equal("ngrok: credentials.create #2: waits N s for the rate limit\n", lines[5])
  end)

  it("writes an event that it does not know, too", function()
    ngrok.logger(write) { name = "novelty", operation = "credentials.list", request = 3, message = "why" }
    assert.same({ "ngrok: credentials.list #3: novelty: why\n" }, lines)
  end)

  it("leaves an error of write to on_error", function()
    local errors = {}
    local failing = assert(ngrok.client {
      transport = emu, on_event = ngrok.logger(function() error("disk full", 0) end),
      on_error = function(err) errors[#errors + 1] = err end,
    })
    assert(failing.credentials:create())
    failing:close()
    assert.same({ "disk full", "disk full", "disk full" }, errors)
  end)

  it("refuses what cannot be called", function()
    local fine, problem = pcall(ngrok.logger, "stderr")
    assert.is_false(fine)
    assert.matches("ngrok.logger: write must be a function, got string", problem, 1, true)
  end)
end)

describe("NGROK_DEBUG", function()
  local function errors_of(value, options)
    local ran = child.run(([[
      local options = %s
      options.transport = require("ngrok.emulator").new()
      local client = assert(require("ngrok").client(options))
      assert(client.credentials:create())
      client:close()
    ]]):format(options or "{}"), { NGROK_DEBUG = value })
    assert.equal(0, ran.status)
    return ran.errors, ran.output
  end

  it("= 1 writes every client's events to stderr", function()
    local errors = errors_of "1"
    assert.matches("^ngrok: credentials.create #1: submitted\n[^\n]+ attempt 1\n[^\n]+ done [^\n]+\n$",
      errors)
  end)

  it("= 1 leaves on_event what it is", function()
    local errors, output = errors_of("1", "{ on_event = function(event) print(event.name) end }")
    assert.matches("submitted\n.*attempt 1\n.*done after ", errors)
    assert.equal("submitted\nattempt\ndone\n", output)
  end)

  for _, value in ipairs { "", "0" } do
    it(("= %q writes nothing"):format(value), function()
      assert.equal("", (errors_of(value)))
    end)
  end
end)
