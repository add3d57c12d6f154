-- Responses without an end, and small ones that become large. Each costs a bounded time and memory.
local child = require "spec.support.child"
local timing = require "spec.support.timing"
local raw_server = require "spec.support.raw_server"
local hostile = require "spec.support.hostile_server"

-- 64 MiB of zeros as brotli.
local brotli_bomb = ("cbffff3ff82700e2b14020f7fe8fffff7ff04f00c4611180eefd1fffffffe09f0088c30200ddfb3ffe"
  .. "ffffc13f0110870500baf77ffcffff837f02200e0b0074effff8ffff07ff04401c1600e8defff1ffff0ffe0980382c00d0bdff"
  .. "cbffff3ffc1300715800a07bff07"):gsub("%x%x", function(digits)
    return string.char(tonumber(digits, 16))
  end)

local gzip_bomb = raw_server.gzip(("\0"):rep(2 ^ 26))
-- Without gzip's ten bytes at the front, and its checksum and length at the end.
local deflate_bomb = gzip_bomb:sub(11, -9)

hostile.describe("a hostile server:", function(harness)
  -- Plays a script for a create; a GET gets a good response.
  local function play(code)
    harness.server:play(([[
      if ngx.req.get_method() == "GET" then
        hear()
        return say(%q)
      end
    ]]):format(hostile.good) .. code)
  end

  describe("a response of a byte now and then", function()
    -- Slow enough that the client reads each byte by itself.
    local drip = [[
      hear()
      local bytes, at = %q, 0
      repeat
        at = at + 1
        ngx.sleep(0.02)
      until not say(bytes:sub(at, at)) or at == #bytes
    ]]

    for name, bytes in pairs {
      ["in its status line"] = "HTTP/1.1 200 " .. ("O"):rep(1000),
      ["in its headers"] = "HTTP/1.1 200 OK\r\n" .. ("X: y\r\n"):rep(1000),
      ["in its body"] = "HTTP/1.1 200 OK\r\n\r\n" .. (" "):rep(1000),
      ["in its chunks"] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" .. ("1\r\n \r\n"):rep(1000),
      ["in an endless 100 Continue"] = ("HTTP/1.1 100 Continue\r\n\r\n"):rep(100),
    } do
      it("ends with the time-out: " .. name, function()
        play(drip:format(bytes))
        local start = timing.now()
        local client = harness:client { timeout = timing.scaled(0.3) }
        local err = harness:survives(client, "timeout")
        assert.equal(("no response within timeout (%g s)"):format(timing.scaled(0.3)), err.message)
        assert.is_true(timing.now() - start < timing.scaled(5))
      end)
    end

    it("is read when it ends in time", function()
      harness.server:play(drip:gsub("0.02", "0.0005"):format(hostile.good))
      assert.equal(hostile.token, assert(harness:client().credentials:create()).token)
    end)

    it("delays no other request", function()
      play(drip:format("HTTP/1.1 200 OK\r\n" .. ("X: y\r\n"):rep(1000)))
      local client = harness:client()
      local slow = client.credentials:create({}, { wait = false })
      for _ = 1, 5 do
        assert.equal("cr_1", assert(client.credentials:get("cr_1")).id)
      end
      assert.is_false(slow:done())
      slow:cancel()
      timing.step_until(client, function() return client:pending() == 0 end)
    end)
  end)

  -- It comes as fast as it can be read, and nothing of it is kept. Steps are measured in processor time, for
  -- busy machines.
  describe("a flood of", function()
    local eight_codes = ("04c081000000000090ff6b100007020000000040feaf41001c0800000000"
      .. "00f9bf060170200000000000e4ff1a04c081000000000090ff6b10000702"
      .. "0000000040feaf41001c080000000000f9bf060170200000000000e4ff1a"):gsub("%x%x", function(digits)
      return string.char(tonumber(digits, 16))
    end)

    local empty_blocks = {
      ["empty gzip blocks that each define their codes"] = { eight_codes:rep(720) },
      ["empty gzip blocks"] = { ("\2\8 \128\0"):rep(13107) },
      ["stored gzip blocks"] = { ("\0\0\0\255\255"):rep(13107) },
    }

    local function flood(client, count)
      local requests, longest, start = {}, 0, timing.now()
      for index = 1, count do
        requests[index] = client.credentials:create({}, { wait = false })
      end
      local function are_done()
        for _, request in ipairs(requests) do
          if not request:done() then
            return false
          end
        end
        return true
      end
      while not are_done() do
        local before = os.clock()
        client:step(0.01)
        longest = math.max(longest, os.clock() - before)
        assert.is_true(timing.now() - start < timing.scaled(10))
      end
      return longest, timing.now() - start, select(2, requests[1]:result())
    end

    for name, piece in pairs(empty_blocks) do
      it(name .. " delays neither the host nor the time-out", function()
        local start = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" .. "\31\139\8\0\0\0\0\0\0\3"
        play(([[ hear() local piece = %q say(%q) repeat until not say(piece) ]]):format(piece[1], start))
        local client = harness:client { timeout = timing.scaled(0.5) }
        local longest, took, err = flood(client, 1)
        -- A response that keeps the processor busy ends before its time-out.
        if err.kind == "transport" then
          assert.matches("used much CPU time", err.message, 1, true)
        end
        harness.check(err, err.kind == "transport" and "transport" or "timeout", "receive")
        assert.is_true(longest < timing.scaled(1), longest .. " s in a step")
        assert.is_true(took < timing.scaled(6), took .. " s in all")
        harness:recovers(client)
      end)
    end
  end)

  describe("a response without an end", function()
    -- In its own process, whose memory shows what the response cost.
    local code = [[
      local footprint = require "spec.support.footprint"
      local client = assert(require("ngrok").client {
        api_key = %q, base_url = %q, timeout = %g, max_retries = 0, rate_limit = false,
        max_response_bytes = 2 ^ 20,
      })
      assert(client.credentials:get("cr_1"))
      local before = footprint.most_of_process()
      local credential, err = client.credentials:create()
      local grown = before and footprint.most_of_process() - before or 0
      assert(client.credentials:get("cr_1"))
      assert(client:pending() == 0)
      client:close()
      print(credential or err.kind, err.phase, err.outcome, grown)
      io.write(err.message)
    ]]

    local most = 8 * 1024 -- KiB; every response has 64 MiB or more

    local function ends(script, message)
      play(script)
      local result = child.run(code:format(hostile.key, harness.server.base_url, timing.scaled(10)))
      assert.equal("", result.errors)
      local kind, phase, outcome, grown, words = result.output:match("^(%S+)\t(%S+)\t(%S+)\t(%S+)\n(.*)$")
      assert.equal("transport receive unknown", table.concat({ kind, phase, outcome }, " "), words)
      assert.is_true(tonumber(grown) < most, grown .. " KiB more")
      assert.truthy(words:find(message, 1, true), words)
    end

    local function without_end(start, piece)
      return ([[
        hear()
        local piece = %s
        say(%q)
        repeat until not say(piece)
      ]]):format(piece, start)
    end

    local chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    local in_headers = "the response's headers exceed 262144 bytes"
    local too_long = "headers" -- in our words, or in those of a libcurl that has a limit
    local in_body = "the response exceeds max_response_bytes (1048576)"

    for place, case in pairs {
      ["in its status line"] = { "HTTP/1.1 200 ", '("O"):rep(65536)', too_long },
      ["in a header"] = { "HTTP/1.1 200 OK\r\nX: ", '("y"):rep(65536)', too_long },
      ["in a header's lines"] = { "HTTP/1.1 200 OK\r\nX: y\r\n", '(" y\\r\\n"):rep(16384)', in_headers },
      ["in ever more headers"] = { "HTTP/1.1 200 OK\r\n", '("X: y\\r\\n"):rep(10000)', in_headers },
      ["in its body"] = { "HTTP/1.1 200 OK\r\n\r\n", '(" "):rep(65536)', in_body },
      ["in its body, which has a length"] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n", '(" "):rep(65536)', in_body,
      },
      ["in chunks"] = { chunked, '("1\\r\\n \\r\\n"):rep(10000)', in_body },
      ["in a chunk"] = { chunked .. "7fffffffffffffff\r\n", '(" "):rep(65536)', in_body },
      ["in a chunk's size"] = { chunked, '("0"):rep(65536)', "" },
      ["in its trailers"] = { chunked .. "0\r\n", '("X: y\\r\\n"):rep(10000)', in_headers },
      ["in a trailer"] = { chunked .. "0\r\nX: ", '("y"):rep(65536)', "" },
    } do
      it(place, function()
        ends(without_end(case[1], case[2]), case[3])
      end)
    end

    for _, status in ipairs { 100, 102, 103, 199 } do
      it("of ever more of status " .. status, function()
        local piece = ('("HTTP/1.1 %d Wait\\r\\nX: y\\r\\n\\r\\n"):rep(2000)'):format(status)
        ends(without_end("", piece), in_headers)
      end)
    end

    -- Nothing of it is kept, so processor time is its limit.
    it("in a chunk's extension", function()
      play(without_end(chunked .. "1;", '("x"):rep(65536)'))
      local err = harness:survives(harness:client(), "transport")
      assert.matches("used much CPU time", err.message, 1, true)
    end)

    describe("that is small before it is decoded", function()
      for coding, bytes in pairs {
        gzip = gzip_bomb, ["gzip, gzip"] = raw_server.gzip(gzip_bomb), deflate = deflate_bomb,
        br = brotli_bomb,
      } do
        it("as " .. coding, function()
          local headers = ("Content-Encoding: %s\r\nContent-Length: %d\r\n"):format(coding, #bytes)
          ends(("hear() say(%q)"):format(hostile.respond(headers, bytes)), in_body)
        end)
      end
    end)
  end)
end)
