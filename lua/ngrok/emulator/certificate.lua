--- A certificate for the emulator's server, and an authority that nobody else's program trusts,
-- made by the `openssl` command. The authority's key is destroyed as soon as it has signed.
local address = require "ngrok.emulator.address"
local shell = require "ngrok.emulator.shell"

local certificate = {}

-- Elliptic curves, for an RSA key takes a good part of a second. `openssl ca` signs, since it is
-- the only command that has long taken both dates.
local configuration = [[
[ca]
default_ca = authority
[authority]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = names
[names]
commonName = supplied
[req]
distinguished_name = names
prompt = no
[authority_extensions]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[server_extensions]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = %s
]]

local own_names = "IP:127.0.0.1, IP:::1, DNS:localhost"
local other_names = "DNS:elsewhere.invalid"

local function own_names_and(host)
  return own_names .. ", " .. address.alternative_name(host)
end

local new_key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -config openssl.cnf"

local function authority(openssl, name)
  local command = "%s req -x509 %s -extensions authority_extensions -subj '/CN=%s' -days 365"
  return command:format(openssl, new_key, name) .. " -keyout ca.key -out ../ca.pem"
end

-- One line of shell, so that one failure ends it all. The mask: keys are for the owner alone. The
-- serial number is a random one, because NSS holds it against a certificate when it has seen
-- another with the same number and issuer.
local function commands(openssl, kind)
  local dates = kind == "expired" and "-startdate 200101000000Z -enddate 200201000000Z" or "-days 365"
  local lines = {
    "umask 077",
    "touch index",
    openssl .. " rand -hex 8 >serial",
    authority(openssl, "ngrok emulator"),
    ("%s req -new %s -subj /CN=localhost -keyout ../server.key -out request.pem"):format(openssl, new_key),
    ("%s ca -batch -notext -config openssl.cnf -extensions server_extensions %s"):format(openssl, dates)
      .. " -cert ../ca.pem -keyfile ca.key -in request.pem -out ../server.pem",
  }
  if kind == "untrusted" then
    lines[#lines + 1] = authority(openssl, "another ngrok emulator")
  end
  return table.concat(lines, " && ")
end

--- Says whether certificates can be made here.
---@param openssl? string path of its binary
---@return string? what is missing
function certificate.lacks(openssl)
  if not shell.run(shell.command { openssl or "openssl", "version" }) then
    return "the emulator's TLS needs the command openssl (Debian's, Fedora's and Alpine's package openssl)"
  end
end

--- Makes `ca.pem`, `server.pem` and `server.key`.
---@param directory string that exists; only its owner may enter it
---@param kind string "valid", "expired", "wrong_host" or "untrusted"
---@param host string where the server listens: a valid one names it, too
---@param openssl? string path of its binary
---@return boolean?
---@return string? what went wrong
function certificate.make(directory, kind, host, openssl)
  local workshop = directory .. "/authority"
  local quoted = shell.quote(workshop)
  shell.run("mkdir -m 700 " .. quoted)
  local file = assert(io.open(workshop .. "/openssl.cnf", "wb"))
  file:write(configuration:format(kind == "wrong_host" and other_names or own_names_and(host)))
  file:close()
  local line = commands(shell.quote(openssl or "openssl"), kind)
  local fine, output = shell.run(("cd %s && %s"):format(quoted, line))
  shell.run("rm -rf " .. quoted)
  if not fine then
    return nil, "openssl did not make a certificate: " .. output
  end
  return true
end

return certificate
