--- Where a server listens, and the URL that leads there.
local usage = require "ngrok.emulator.usage"

local address = {}

local what = "the options of emulator.start"

-- A server on all addresses is reached by the loopback one.
local reached = { ["0.0.0.0"] = "127.0.0.1", ["::"] = "::1" }

--- Checks the options `host` and `port`.
---@param host? string
---@param port? number a whole number
function address.check(host, port)
  if host and not host:find("^[%w.-]+$") and not host:find("^%x*:[%x:.]*$") then
    usage.raise("bad 'host' in %s: a name or an address expected, such as 127.0.0.1, 0.0.0.0 or ::1", what)
  elseif port and (port < 1 or port > 65535) then
    usage.raise("bad 'port' in %s: 1 to 65535 expected, got %d", what, port)
  end
end

--- Joins host and port, an IPv6 address in brackets.
---@param host string
---@param port number
---@return string
function address.join(host, port)
  return (host:find(":", 1, true) and "[%s]:%d" or "%s:%d"):format(host, port)
end

--- Makes the URL of a server.
---@param scheme string
---@param host string
---@param port number
---@return string
function address.url(scheme, host, port)
  return scheme .. "://" .. address.join(reached[host] or host, port)
end

--- Names a host in a certificate, as OpenSSL writes it.
---@param host string
---@return string
function address.alternative_name(host)
  local is_ip = host:find(":", 1, true) or host:find("^[%d.]+$")
  return (is_ip and "IP:" or "DNS:") .. host
end

return address
