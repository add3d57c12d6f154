--- What a server's options `tls` and `http2` ask for.
local tls = {}

local certificates = { valid = true, expired = true, wrong_host = true, untrusted = true }
local versions = { TLSv1 = true, ["TLSv1.1"] = true, ["TLSv1.2"] = true, ["TLSv1.3"] = true }
local handshakes = { complete = true, close = true }

local function check_certificate(name)
  if not certificates[name] then
    error("option tls.certificate must be valid, expired, wrong_host or untrusted", 0)
  end
end

local function check_protocols(list)
  local rest = type(list) == "string" and list:gsub("%S+", function(name)
    return versions[name] and "" or nil
  end)
  if not rest or list == "" or rest:find("%S") then
    error("option tls.protocols must be a string of TLSv1, TLSv1.1, TLSv1.2 and TLSv1.3, blanks between", 0)
  end
end

local function check_handshake(name)
  if not handshakes[name] then
    error("option tls.handshake must be complete or close", 0)
  end
end

local checks = { certificate = check_certificate, protocols = check_protocols, handshake = check_handshake }

local function check_table(given)
  for name, value in pairs(given) do
    if not checks[name] then
      error(("unknown option tls.%s"):format(tostring(name)), 0)
    end
    checks[name](value)
  end
end

--- Checks the two options and completes them.
-- @tparam ?boolean|table given `true`, or a table of `certificate` ("valid", "expired", "wrong_host" or
--   "untrusted": signed by another than `ca_file`), `protocols` (such as "TLSv1.1"; default
--   "TLSv1.2 TLSv1.3") and `handshake` ("complete", or "close": the connection ends in its midst)
-- @tparam ?boolean http2
-- @treturn ?table `certificate`, `protocols`, `handshake`, `http2`; nil for plain HTTP
-- @raise a message that names the option
function tls.check(given, http2)
  if given ~= nil and type(given) ~= "boolean" and type(given) ~= "table" then
    error("option tls must be a boolean or a table", 0)
  elseif http2 ~= nil and type(http2) ~= "boolean" then
    error("option http2 must be a boolean", 0)
  elseif http2 and not given then
    error("option http2 needs tls = true: HTTP/2 is agreed upon in the TLS handshake", 0)
  elseif not given then
    return nil
  end
  local asked = type(given) == "table" and given or {}
  check_table(asked)
  return {
    certificate = asked.certificate or "valid",
    protocols = asked.protocols or "TLSv1.2 TLSv1.3",
    handshake = asked.handshake or "complete",
    http2 = http2 or false,
  }
end

return tls
