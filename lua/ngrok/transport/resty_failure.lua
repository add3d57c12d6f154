--- Failures of `ngrok.transport.resty`, recognized by the messages of nginx's sockets and of lua-resty-http.
--- Each function returns what a transport returns in place of a response.
local failure = {}

local most_bytes_told = 200 -- it may quote a server

local trust = "nginx trusts the certificates in the file that lua_ssl_trusted_certificate names"

-- Advice to add to OpenSSL's message, by its error number.
local hints_of_openssl = {
  ["2"] = trust, ["18"] = trust, ["19"] = trust, ["20"] = trust, ["21"] = trust, ["27"] = trust,
  ["22"] = "nginx's directive lua_ssl_verify_depth limits the length of the chain; its default is 1",
}

-- In their order of precedence. Without a phase it is the one that was reached.
local known = {
  { text = "^no resolver defined", phase = "resolve", manner = "permanent",
    hint = "set one with nginx's directive resolver" },
  { text = "resolve", phase = "resolve" },
  { text = "host not found", phase = "resolve" },
  { text = "^certificate host mismatch", phase = "tls", manner = "permanent",
    hint = "nginx compares certificates with names, never with addresses" },
  { text = "certificate", phase = "tls", manner = "permanent" },
  { text = "^timeout$", manner = "timeout" },
  { text = "handshake", phase = "tls" },
  { text = "[Ss][Ss][Ll]", phase = "tls" },
}

local function shorten(text)
  return (tostring(text):sub(1, most_bytes_told):gsub("[%c\127-\255]", "?"))
end

local function with_hint(text, hint)
  return hint and ("%s (%s)"):format(text, hint) or text
end

--- A failure before any byte of the request was sent.
---@param reached string "connect" or "tls"
---@param err any
function failure.of_connecting(reached, err)
  local text = shorten(err)
  local number = text:match "^(%d+): "
  if number then
    text = with_hint("the server's certificate is not trusted: " .. text, hints_of_openssl[number])
    return nil, "tls", text, "permanent"
  end
  for _, one in ipairs(known) do
    if text:find(one.text) then
      return nil, one.phase or reached, with_hint("could not connect: " .. text, one.hint), one.manner
    end
  end
  return nil, reached, "could not connect: " .. text
end

--- A failure after the server may have received the request.
---@param err any
function failure.of_exchange(err)
  local text = shorten(err)
  local phase = text:find "[Bb]roken pipe" and "send" or "receive"
  return nil, phase, "the connection failed: " .. text, text == "timeout" and "timeout" or nil
end

--- A response that cannot be used.
---@param message string
---@param manner? string
function failure.of_response(message, manner)
  return nil, "receive", message, manner
end

--- An error that was raised. lua-resty-core does so where a handshake fails at once, and keeps the reason to
--- itself (an assertion in `sslhandshake` of resty/core/socket.lua, 0.1.25).
---@param reached string "connect", "tls" or "receive"
---@param err any
function failure.of_error(reached, err)
  local text = shorten(err)
  if reached == "tls" then
    text = with_hint("the TLS handshake failed; see nginx's error log for the reason: " .. text, trust)
    return nil, reached, text, "permanent"
  end
  return nil, reached, "an error was raised: " .. text
end

local stages = {
  resolve = "could not resolve %s%s: check the servers in nginx's directive resolver",
  connect = "no connection to %s%s",
  tls = "no TLS handshake with %s%s",
}

--- No connection within the time limit.
---@param phase string "resolve", "connect" or "tls"
---@param host string
---@param limit string the option that set the time
---@param seconds number
function failure.of_connect_time(phase, host, limit, seconds)
  local within = (" within %s (%g s)"):format(limit, seconds)
  return nil, phase, stages[phase]:format(shorten(host), within), "timeout"
end

--- No data on a kept connection.
---@param seconds number
function failure.of_silence(seconds)
  return nil, "receive", ("no response within %.3g s on a kept connection"):format(seconds), "timeout"
end

--- No response within the time limit.
---@param seconds number the call's
function failure.of_time(seconds)
  return nil, "receive", ("no response within timeout (%g s)"):format(seconds), "timeout"
end

return failure
