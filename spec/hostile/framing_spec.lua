-- Responses that are cut off, or that break the rules of HTTP.
local hostile = require "spec.support.hostile_server"
local raw_server = require "spec.support.raw_server"

local good, body = hostile.good, hostile.body

local function with_length(headers, bytes)
  return hostile.respond(("%sContent-Length: %d\r\n"):format(headers, #bytes), bytes)
end

local function in_chunks(bytes, headers)
  return hostile.respond((headers or "") .. "Transfer-Encoding: chunked\r\n", bytes)
end

local function chunk(bytes)
  return ("%x\r\n%s\r\n"):format(#bytes, bytes)
end

hostile.describe("a hostile server: a response to create", function(harness)
  local function is_refused(response, kind, phase)
    harness.server:respond(response)
    return harness:survives(harness:client(), kind or "transport", phase)
  end

  -- Where libcurl 8 is stricter than libcurl 7. Half a response is never read as a whole one.
  local function is_read_or_refused(response)
    harness.server:respond(response)
    local client = harness:client()
    local credential, err = client.credentials:create()
    if credential then
      assert.equal(hostile.token, credential.token)
    else
      harness.check(err, err.kind, err.kind == "decode" and "decode" or "receive")
    end
    harness:recovers(client)
  end

  describe("that is cut off after each of its bytes is an error", function()
    -- libcurl needs no line feed behind the empty line that ends chunks.
    local function is_cut(response, last)
      local client = harness:client()
      for length = 0, last or #response - 1 do
        harness.server:respond(response:sub(1, length))
        local credential, err = client.credentials:create()
        assert.is_nil(credential, ("a credential from %d of %d bytes"):format(length, #response))
        harness.check(err, "transport", "receive")
      end
      harness.server:respond(response)
      assert.equal(hostile.token, assert(client.credentials:create()).token)
    end

    it("with a length", function()
      is_cut(good)
    end)

    it("in chunks", function()
      local response = in_chunks(chunk(body:sub(1, 20)) .. chunk(body:sub(21)) .. "0\r\n\r\n")
      is_cut(response, #response - 2)
    end)

    it("as gzip", function()
      is_cut(with_length("Content-Encoding: gzip\r\n", raw_server.gzip(body)))
    end)

    it("as gzip in chunks", function()
      local bytes = raw_server.gzip(body)
      local response = in_chunks(chunk(bytes:sub(1, 30)) .. chunk(bytes:sub(31)) .. "0\r\n\r\n",
        "Content-Encoding: gzip\r\n")
      is_cut(response, #response - 2)
    end)

    -- Only the end of the connection ends these, so the text alone can show that something is missing.
    for encoding, bytes in pairs { identity = body, gzip = raw_server.gzip(body) } do
      it("up to the connection's end, as " .. encoding, function()
        local client, created = harness:client(), 0
        local response = hostile.respond(("Content-Encoding: %s\r\n"):format(encoding), bytes)
        for length = 0, #response do
          harness.server:respond(response:sub(1, length))
          local credential, err = client.credentials:create()
          if credential then
            created = created + 1
            assert.same({ hostile.token, "Okapi9Body" }, { credential.token, credential.description })
          else
            assert.equal(0, created)
            local in_body = length >= #response - #bytes
            harness.check(err, in_body and "decode" or "transport", in_body and "decode" or "receive")
          end
        end
        assert.is_true(created >= 1)
      end)
    end
  end)

  it("whose headers are cut off has no status, and no Retry-After", function()
    for _, status in ipairs { "204 No Content", "404 Not Found", "429 Too Many Requests", "503 Sorry" } do
      harness.server:respond(("HTTP/1.1 %s\r\nRetry-After: 1\r\nX-A"):format(status))
      local client = harness:client()
      local deleted, err = client.credentials:delete("cr_1")
      assert.is_nil(deleted)
      harness.check(err, "transport", "receive")
      assert.equal("the connection closed in the middle of the response's headers", err.message)
      assert.same({}, { err.status, err.retry_after })
      harness:recovers(client)
    end
  end)

  local whole = chunk(body)
  local status_line = "%sContent-Length: " .. #body .. "\r\n\r\n" .. body

  for group, responses in pairs {
    ["that ends after a 100 Continue"] = {
      "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n",
    },
    ["with a Content-Length that is too long"] = {
      hostile.respond(("Content-Length: %d\r\n"):format(#body + 1)),
      hostile.respond "Content-Length: 9223372036854775807\r\n",
    },
    ["with broken chunks"] = {
      in_chunks("\r\n" .. whole), -- without a size
      in_chunks("zz\r\n" .. body .. "\r\n0\r\n\r\n"), in_chunks("-5\r\n" .. body .. "\r\n0\r\n\r\n"),
      in_chunks(("f"):rep(40) .. "\r\n" .. body), in_chunks("7fffffffffffffff\r\n" .. body),
      in_chunks("ffffffffffffffff\r\n" .. body), in_chunks("5\r\n" .. body .. "\r\n0\r\n\r\n"),
      in_chunks(whole), in_chunks(whole .. "0\r\n"), -- without the last chunk, or its end
      in_chunks(whole .. "0\r\nX-Trailer: 5"), in_chunks("\0\1\2\3\255\254"), in_chunks(body),
    },
    ["in a coding that cannot be decoded"] = {
      with_length("Content-Encoding: nonsense\r\n", body), with_length("Content-Encoding: gzip\r\n", body),
      with_length("Content-Encoding: deflate\r\n", body),
      with_length("Content-Encoding: gzip\r\n", raw_server.gzip(body):sub(1, -9) .. ("\0"):rep(8)),
      with_length("Content-Encoding: " .. ("gzip, "):rep(99) .. "gzip\r\n", body),
    },
    ["with a broken status line"] = {
      status_line:format "", status_line:format "SSH-2.0-Zebra\r\n", status_line:format "HTTP/1.1\r\n",
      status_line:format "HTTP/1.1 OK\r\n", status_line:format "HTTP/1.1 20 OK\r\n",
      status_line:format "HTTP/1.1 2000 OK\r\n", status_line:format "HTTP/1.1 000 OK\r\n",
      status_line:format "HTTP/1.1 -200 OK\r\n", status_line:format "HTTP/1.9 200 OK\r\n",
      status_line:format "HTTP/9 200 OK\r\n", ("\0"):rep(100) .. "\r\n" .. status_line:format "",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n" .. body,
    },
  } do
    for index, response in ipairs(responses) do
      it(("%s is refused (%d)"):format(group, index), function()
        is_refused(response)
      end)
    end
  end

  it("whose body is shorter than its JSON cannot be decoded", function()
    is_refused(hostile.respond(("Content-Length: %d\r\n"):format(#body - 1)), "decode", "decode")
    is_refused(hostile.respond "Content-Length: 0\r\n", "decode", "decode")
    local cut = raw_server.gzip(body):sub(1, -20)
    is_refused(with_length("Content-Encoding: gzip\r\n", cut), "decode", "decode")
  end)

  for _, length in ipairs {
    "-1", "-9223372036854775808", "99999999999999999999999", "nonsense", "", "0x10", "1e3", "+5", "5,5",
    "5;5", "\0", "5\r\nContent-Length: 90", "90\r\nContent-Length: 5", "5\r\nTransfer-Encoding: chunked",
  } do
    it(("with a Content-Length of %q is read whole, or refused"):format(length), function()
      is_read_or_refused(hostile.respond(("Content-Length: %s\r\n"):format(length)))
    end)
  end

  for _, line in ipairs {
    "nonsense\r\n", ": nonsense\r\n", "X-A: \0\r\n", "X-A: a\r\n\tb\r\n c\r\n", "X-A: a\nX-B: b\r\n",
    "X-\255: \254\r\n",
  } do
    it(("with the header %q is read, or refused"):format(line), function()
      is_read_or_refused(with_length(line, body))
    end)
  end

  it("has no headers in its trailers", function()
    harness.server:respond("HTTP/1.1 429 No\r\nngrok-operation-id: op_early\r\n"
      .. "Transfer-Encoding: chunked\r\n\r\n0\r\nngrok-operation-id: op_late\r\nRetry-After: 9\r\n\r\n")
    local client = harness:client { rate_limit = { requests = 1000, window = 0.4 } } -- for short pauses
    local _, err = client.credentials:create()
    harness.check(err, "api", "receive", "rejected")
    assert.equal("op_early", err.operation_id)
    assert.is_nil(err.retry_after)
    harness:recovers(client)
  end)
end)
