-- Tunnel credentials: https://ngrok.com/docs/api/resources/tunnel-credentials/
-- What a description has, and what may be left out of it: ngrok.description.
return {
  name = "credentials", item = "credential", prefix = "cr_", path = "/credentials",
  text = "A tunnel credential: the authtoken with which an agent starts tunnels.",
  fields = {
    { "id", "string", required = true },
    { "uri", "string" },
    { "created_at", "string" },
    { "description", "string", on = "create update", max = 255 },
    { "metadata", "string", on = "create update", max = 4096 },
    { "token", "string", once = true, secret = true },
    { "acl", "[string]", on = "create update", check = "acl_rule", text = 'rules, "bind:…"; none allow all' },
    { "owner_id", "string", on = "create", text = "an id, an e-mail address or a SCIM user id" },
  },
  operations = {
    "create", "get", "update", "delete", list = { query = { "limit", "before_id", "filter" } },
  },
  methods = { permits = require "ngrok.permits" },
}
