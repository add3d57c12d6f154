--- first.lua BASE_URL KEY ID: a script that reads one credential. CURL_CA_BUNDLE has the certificates that it
--- trusts.
local ngrok = require "ngrok"

local base_url, key, id = ...
local client = assert(ngrok.client {
  base_url = base_url, api_key = key, ca_file = os.getenv "CURL_CA_BUNDLE",
})
assert(assert(client.credentials:get(id)).id == id)
