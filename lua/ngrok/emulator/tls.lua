--- What a server's options `tls` and `http2` ask for.
local usage = require "ngrok.emulator.usage"

local tls = {}

local rules = {
  certificate = { valid = true, expired = true, wrong_host = true, untrusted = true },
  protocols = "string",
  handshake = { complete = true, close = true },
}

local versions = { TLSv1 = true, ["TLSv1.1"] = true, ["TLSv1.2"] = true, ["TLSv1.3"] = true }

local function check_protocols(list)
  local rest = list:gsub("%S+", function(name)
    return versions[name] and "" or nil
  end)
  if list == "" or rest:find("%S") then
    usage.raise("bad 'protocols' in option tls: TLSv1, TLSv1.1, TLSv1.2 and TLSv1.3 expected, blanks between")
  end
end

--- Checks the two options and completes them.
---@param given? boolean|table `true`, or a table of `certificate` ("valid", "expired", "wrong_host" or
---   "untrusted": signed by another than `ca_file`), `protocols` (such as "TLSv1.1"; default
---   "TLSv1.2 TLSv1.3") and `handshake` ("complete", or "close": the connection ends in its midst)
---@param http2? boolean
---@return table? `certificate`, `protocols`, `handshake`, `http2`; nil for plain HTTP
--- Raises: a message that names the option
function tls.check(given, http2)
  if http2 and not given then
    usage.raise("option http2 needs tls = true: HTTP/2 is agreed upon in the TLS handshake")
  elseif not given then
    return nil
  end
  local asked = type(given) == "table" and given or {}
  usage.check(asked, rules, "option tls")
  if asked.protocols then
    check_protocols(asked.protocols)
  end
  return {
    certificate = asked.certificate or "valid",
    protocols = asked.protocols or "TLSv1.2 TLSv1.3",
    handshake = asked.handshake or "complete",
    http2 = http2 or false,
  }
end

return tls
