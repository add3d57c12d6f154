--- A certificate for the emulator's server, and an authority that no other program trusts. The command
--- `openssl` makes them. The authority's key is deleted as soon as it has signed.
local shell = require "ngrok.emulator.shell"

local certificate = {}

-- Elliptic curves, because an RSA key takes a good part of a second. `openssl ca` signs, since it is
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

local function names(kind, host)
  if kind == "wrong_host" then
    return "DNS:elsewhere.invalid"
  end
  local is_ip = host:find(":", 1, true) or host:find "^[%d.]+$"
  return ("IP:127.0.0.1, IP:::1, DNS:localhost, %s:%s"):format(is_ip and "IP" or "DNS", host)
end

local new_key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -config openssl.cnf"

local function authority(openssl, name)
  local command = "%s req -x509 %s -extensions authority_extensions -subj '/CN=%s' -days 365"
  return command:format(openssl, new_key, name) .. " -keyout ca.key -out ../ca.pem"
end

--- The commands that make `ca.pem`, `server.pem` and `server.key` in the working directory. Only the owner
--- may read the keys. The serial number is random, because NSS refuses a certificate when it has seen another
--- with the same number and issuer.
---@param kind "valid"|"expired"|"wrong_host"|"untrusted"
---@param host string where the server listens: a valid one names it, too
---@param openssl? string path of its binary
---@return string # for the shell
function certificate.commands(kind, host, openssl)
  openssl = shell.quote(openssl or "openssl")
  local dates = kind == "expired" and "-startdate 200101000000Z -enddate 200201000000Z" or "-days 365"
  local lines = {
    "umask 077",
    "mkdir authority",
    "cd authority",
    "printf %s " .. shell.quote(configuration:format(names(kind, host))) .. " >openssl.cnf",
    "touch index",
    openssl .. " rand -hex 8 >serial",
    authority(openssl, "ngrok emulator"),
    ("%s req -new %s -subj /CN=localhost -keyout ../server.key -out request.pem"):format(openssl, new_key),
    ("%s ca -batch -notext -config openssl.cnf -extensions server_extensions %s"):format(openssl, dates)
      .. " -cert ../ca.pem -keyfile ca.key -in request.pem -out ../server.pem",
    kind == "untrusted" and authority(openssl, "another ngrok emulator") or "true",
    "cd .. && rm -rf authority",
  }
  return "( " .. table.concat(lines, " && ") .. " )"
end

--- Makes them.
---@param directory string that exists; only its owner may enter it
---@param kind string as of `commands`
---@param host string as of `commands`
---@return boolean? true
---@return string? # what went wrong
function certificate.make(directory, kind, host)
  local commands = certificate.commands(kind, host)
  local fine, output = shell.run("cd " .. shell.quote(directory) .. " && " .. commands)
  if not fine then
    return nil, "openssl did not make a certificate: " .. output
  end
  return true
end

return certificate
