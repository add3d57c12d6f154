-- Kept connections that a NAT between has forgotten without a word.
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local latency_proxy = require "spec.support.latency_proxy"
local wires = require "spec.support.wires"

for _, wire in ipairs { wires.tls, wires.http2 } do
  describe(("a connection that is half open, by %s,"):format(wire.name), function()
    local emu, between, client, attempts

    before_each(function()
      emu, between, attempts = wire:start(), latency_proxy.start(), {}
      client = assert(ngrok.client(wires.client_options(emu, {
        proxy = between.url, timeout = timing.scaled(1.6), max_retries = 1,
        on_event = function(event) attempts[event.operation] = event.attempt end,
      })))
    end)

    after_each(function()
      client:close()
      between:stop()
      emu:stop()
    end)

    -- As many as the case needs at once.
    local function keep_connections(id)
      emu:misbehave { kind = "delay", seconds = 0.3, count = 4 }
      local requests = {}
      for index = 1, 4 do
        requests[index] = client.credentials:get(id, { wait = false })
      end
      for _, request in ipairs(requests) do
        assert(request:result())
      end
    end

    it("costs a request that may be repeated one attempt, and not its time", function()
      local ids = {}
      for index = 1, 3 do
        ids[index] = emu:seed(1)[1]
      end
      keep_connections(ids[1].id)
      between:forget()
      local get = client.credentials:get(ids[1].id, { wait = false })
      local update = client.credentials:update(ids[2].id, { description = "new" }, { wait = false })
      local delete = client.credentials:delete(ids[3].id, { wait = false })
      local create = client.credentials:create({}, { wait = false, timeout = timing.scaled(0.5) })
      assert.equal(ids[1].id, assert(get:result()).id)
      assert.equal("new", assert(update:result()).description)
      assert.is_true(delete:result())
      local credential, err = create:result()
      assert.is_nil(credential)
      assert.equal("timeout", err.kind)
      assert.equal("unknown", err.outcome)
      assert.same({
        ["credentials.get"] = 2, ["credentials.update"] = 2, ["credentials.delete"] = 2,
        ["credentials.create"] = 1,
      }, attempts)
      assert.equal(2, #emu:credentials()) -- the create was not sent again
      assert(client.credentials:get(ids[1].id, { max_retries = 0 })) -- and no dead connection was kept
    end)
  end)
end
