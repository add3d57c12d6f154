-- Responses that are cut off, or do not keep to HTTP.
local raw_server = require "spec.support.raw_server"
local hostile = require "spec.support.hostile_server"

local function chunked(pieces)
  local bytes = {}
  for _, piece in ipairs(pieces) do
    bytes[#bytes + 1] = ("%x\r\n%s\r\n"):format(#piece, piece)
  end
  return hostile.respond("Transfer-Encoding: chunked\r\n", table.concat(bytes) .. "0\r\n\r\n")
end

local function with_length(headers, body)
  return hostile.respond(("%sContent-Length: %d\r\n"):format(headers, #body), body)
end

hostile.describe("a hostile server: a response to create", function(besieged)
  local function is_refused(response, kind, phase)
    besieged.server:respond(response)
    return besieged:survives(besieged:client(), kind or "transport", phase)
  end

  describe("that is cut off after each of its bytes", function()
    local function is_cut(response, last)
      local client = besieged:client()
      for length = 0, last or #response - 1 do
        besieged.server:respond(response:sub(1, length))
        local credential, err = client.credentials:create()
        assert.is_nil(credential, ("a credential from %d of %d bytes"):format(length, #response))
        besieged.check(err, "transport", "receive")
      end
      besieged.server:respond(response)
      assert.equal(hostile.token, assert(client.credentials:create()).token)
    end

    it("with a length", function()
      is_cut(hostile.good)
    end)

    -- libcurl does without the line feed of the last line, which is empty.
    local function are_cut(response)
      is_cut(response, #response - 2)
    end

    it("in chunks", function()
      are_cut(chunked { hostile.body:sub(1, 20), hostile.body:sub(21) })
    end)

    it("as gzip", function()
      is_cut(with_length("Content-Encoding: gzip\r\n", raw_server.gzip(hostile.body)))
    end)

    it("as gzip in chunks", function()
      local compressed = raw_server.gzip(hostile.body)
      local response = chunked { compressed:sub(1, 30), compressed:sub(31) }
      are_cut((response:gsub("\r\n", "\r\nContent-Encoding: gzip\r\n", 1)))
    end)

    -- Where only the end of the connection ends the response, its text alone tells.
    for _, encoding in ipairs { "identity", "gzip" } do
      it("with neither, as " .. encoding, function()
        local client = besieged:client()
        local body = encoding == "gzip" and raw_server.gzip(hostile.body) or hostile.body
        local response = hostile.respond(("Content-Encoding: %s\r\n"):format(encoding), body)
        local created = 0
        for length = 0, #response do
          besieged.server:respond(response:sub(1, length))
          local credential, err = client.credentials:create()
          if credential then
            created = created + 1
            assert.equal(hostile.token, credential.token)
            assert.equal("Okapi9Body", credential.description)
          else
            assert.equal(0, created)
            local in_body = length >= #response - #body
            besieged.check(err, in_body and "decode" or "transport", in_body and "decode" or "receive")
          end
        end
        assert.is_true(created >= 1)
      end)
    end
  end)

  describe("whose headers are cut off", function()
    for _, status in ipairs { "204 No Content", "404 Not Found", "429 Too Many Requests", "503 Sorry" } do
      it("after the status " .. status, function()
        besieged.server:respond(("HTTP/1.1 %s\r\nRetry-After: 1\r\nX-A"):format(status))
        local client = besieged:client()
        local deleted, err = client.credentials:delete("cr_1")
        assert.is_nil(deleted)
        besieged.check(err, "transport", "receive")
        assert.equal("the connection closed within the response's headers", err.message)
        assert.is_nil(err.status)
        assert.is_nil(err.retry_after)
        besieged:recovers(client)
      end)
    end

    it("after a 100 Continue that was whole", function()
      is_refused "HTTP/1.1 100 Continue\r\n\r\n"
      is_refused "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"
    end)
  end)

  describe("with a Content-Length", function()
    local function of(length, more)
      return hostile.respond(("Content-Length: %s\r\n%s"):format(length, more or ""))
    end

    it("that is too short", function()
      is_refused(of(#hostile.body - 1), "decode", "decode")
      is_refused(of(0), "decode", "decode")
    end)

    it("that is too long", function()
      is_refused(of(#hostile.body + 1))
      is_refused(of "9223372036854775807")
    end)

    -- libcurl 8 refuses all of these, 7 reads some of them to the connection's end. No half of a response
    -- is ever taken for the whole.
    for _, length in ipairs {
      "-1", "-9223372036854775808", "99999999999999999999999", "nonsense", "", "0x10", "1e3", "+5", "5,5",
      "5;5", "\0", "5\r\nContent-Length: 90", "90\r\nContent-Length: 5", "5\r\nTransfer-Encoding: chunked",
    } do
      it(("of %q"):format(length), function()
        besieged.server:respond(of(length))
        local client = besieged:client()
        local credential, err = client.credentials:create()
        if credential then
          assert.equal(hostile.token, credential.token)
        else
          besieged.check(err, err.kind, err.kind == "decode" and "decode" or "receive")
        end
        besieged:recovers(client)
      end)
    end
  end)

  describe("in chunks", function()
    local function of(bytes)
      return hostile.respond("Transfer-Encoding: chunked\r\n", bytes)
    end

    local whole = ("%x\r\n%s\r\n"):format(#hostile.body, hostile.body)

    for name, bytes in pairs {
      ["without a size"] = "\r\n" .. whole,
      ["with a size that is no number"] = "zz\r\n" .. hostile.body .. "\r\n0\r\n\r\n",
      ["with a negative size"] = "-5\r\n" .. hostile.body .. "\r\n0\r\n\r\n",
      ["with a size beyond all numbers"] = ("f"):rep(40) .. "\r\n" .. hostile.body,
      ["with a size of 8 exbibytes"] = "7fffffffffffffff\r\n" .. hostile.body,
      ["with a size of 16 exbibytes"] = "ffffffffffffffff\r\n" .. hostile.body,
      ["with a size that is too small"] = "5\r\n" .. hostile.body .. "\r\n0\r\n\r\n",
      ["without the last one"] = whole,
      ["without the last one's end"] = whole .. "0\r\n",
      ["with a trailer that is cut off"] = whole .. "0\r\nX-Trailer: 5",
      ["with bytes that are no text"] = "\0\1\2\3\255\254",
      ["that are none"] = hostile.body,
    } do
      it(name, function()
        is_refused(of(bytes))
      end)
    end

    it("whose trailers take the place of headers: they do not count", function()
      local response = "HTTP/1.1 429 No\r\nngrok-operation-id: op_early\r\nTransfer-Encoding: chunked\r\n\r\n"
        .. "0\r\nngrok-operation-id: op_late\r\nRetry-After: 9\r\n\r\n"
      besieged.server:respond(response)
      -- Its pauses are short.
      local client = besieged:client { rate_limit = { requests = 1000, window = 0.4 } }
      local _, err = client.credentials:create()
      besieged.check(err, "api", "receive", "rejected")
      assert.equal("op_early", err.operation_id)
      assert.is_nil(err.retry_after)
      besieged:recovers(client)
    end)
  end)

  describe("in a coding", function()
    it("that nobody knows", function()
      is_refused(with_length("Content-Encoding: nonsense\r\n", hostile.body))
    end)

    for _, coding in ipairs { "gzip", "deflate" } do
      it("of " .. coding .. " that is none", function()
        is_refused(with_length(("Content-Encoding: %s\r\n"):format(coding), hostile.body))
      end)
    end

    it("of gzip that ends in its midst", function()
      local compressed = raw_server.gzip(hostile.body)
      is_refused(with_length("Content-Encoding: gzip\r\n", compressed:sub(1, -20)), "decode", "decode")
    end)

    it("of gzip whose checksum is wrong", function()
      local compressed = raw_server.gzip(hostile.body)
      is_refused(with_length("Content-Encoding: gzip\r\n", compressed:sub(1, -9) .. ("\0"):rep(8)))
    end)

    it("of gzip, of gzip, and so on a hundred times", function()
      is_refused(with_length("Content-Encoding: " .. ("gzip, "):rep(99) .. "gzip\r\n", hostile.body))
    end)
  end)

  describe("with a status line", function()
    for name, line in pairs {
      ["of HTTP/0.9: none"] = "",
      ["of another protocol"] = "SSH-2.0-Zebra\r\n",
      ["without a status"] = "HTTP/1.1\r\n",
      ["with words for a status"] = "HTTP/1.1 OK\r\n",
      ["with a status of two digits"] = "HTTP/1.1 20 OK\r\n",
      ["with a status of four digits"] = "HTTP/1.1 2000 OK\r\n",
      ["with a status of 000"] = "HTTP/1.1 000 OK\r\n",
      ["with a negative status"] = "HTTP/1.1 -200 OK\r\n",
      ["of HTTP/1.9"] = "HTTP/1.9 200 OK\r\n",
      ["of HTTP/9"] = "HTTP/9 200 OK\r\n",
      ["of zeros"] = ("\0"):rep(100) .. "\r\n",
    } do
      it(name, function()
        is_refused(line .. ("Content-Length: %d\r\n\r\n"):format(#hostile.body) .. hostile.body)
      end)
    end

    it("that switches to another protocol", function()
      is_refused("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"
        .. hostile.body)
    end)
  end)

  describe("with a header", function()
    for name, line in pairs {
      ["that has no colon"] = "nonsense\r\n",
      ["that has no name"] = ": nonsense\r\n",
      ["that has a zero in it"] = "X-A: \0\r\n",
      ["that goes on in the next line"] = "X-A: a\r\n\tb\r\n c\r\n",
      ["that has a lone line feed"] = "X-A: a\nX-B: b\r\n",
      ["that has bytes above ASCII"] = "X-\255: \254\r\n",
    } do
      it(name .. ": reads it, or says that it is broken", function()
        besieged.server:respond(with_length(line, hostile.body))
        local client = besieged:client()
        local credential, err = client.credentials:create()
        if credential then
          assert.equal(hostile.token, credential.token)
        else
          besieged.check(err, "transport", "receive")
        end
        besieged:recovers(client)
      end)
    end
  end)
end)
