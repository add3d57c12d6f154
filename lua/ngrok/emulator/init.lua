--- An ngrok account in memory, with the API of tunnel credentials: for unit tests without a
-- network, and, in a real server, for tests of real HTTP.
local usage_error = require "ngrok.usage_error"

local emulator = {}

local function refuse_colon(given, name)
  if given == emulator then
    usage_error.raise(("call emulator.%s with a dot, not with a colon"):format(name))
  end
end

--- Makes an emulator in this process. It is a transport: `ngrok.client{ transport = emulator.new() }`.
---@param options? table
---   `api_key` (default a random one); `read_only_key` a key that may not write; `base_url`
---   (default https://api.ngrok.com); `owner_id`; `owners` array of ids, or table from name to id, that
---   a create may name (default all), others get ERR_NGROK_634; `inactive_owners` array of ids that get 636;
---   `admin` false for an API key whose user may name nobody but himself (630); `plan` table of what the
---   account pays for: `acl_rules` array of the kinds of rule it may use, "domain", "wildcard", "address",
---   "label" (default all; others get 619, and all of them 620 where the array is empty), `owners` false
---   where it may name no owners (633); `rate_limit` table of `requests` (120), `window` seconds (60),
---   `retry_after` boolean (default no limit); `max_simultaneous` requests; `clock` function that returns
---   seconds since 1970; `seed` number for repeatable ids; `keep_requests` how many are remembered (1000)
---@return table emulator with `api_key`, `base_url`, `request`, `credentials`, `seed`, `requests`,
---   `misbehave`, `reset`
--- Raises: a message that names an unknown or wrong option
function emulator.new(options)
  refuse_colon(options, "new")
  return require("ngrok.emulator.local_host").new(options)
end

--- Starts an emulator as a server, in nginx with its Lua module. Its URIs name the host that a request names.
---@param options? table as of `new`, but `base_url` and `clock`; also `host` to listen at (127.0.0.1) and
---   `port` (default a free one); `tls`: true for https with a
---   certificate of an authority of its own (`ca_file`), or a table that makes it wrong: `certificate`
---   "expired", "wrong_host" or "untrusted" (not signed by `ca_file`'s), `protocols` such as "TLSv1.1",
---   `handshake` "close" (the server hangs up in its midst); `http2`: true to offer HTTP/2, with `tls` only;
---   `nginx` and `openssl`, paths of these binaries
---@return table? emulator with `api_key`, `base_url`, `ca_file`, `credentials`, `seed`, `requests`,
---   `misbehave`, `reset`, `stop`
---@return string? what is missing
--- Raises: a message that names an unknown or wrong option
function emulator.start(options)
  refuse_colon(options, "start")
  return require("ngrok.emulator.server").start(options)
end

return emulator
