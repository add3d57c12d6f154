-- API keys: https://ngrok.com/docs/api/resources/api-keys/
return {
  name = "api_keys", item = "api_key", prefix = "ak_", path = "/api_keys", list_key = "keys",
  text = "A key for this API.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "description", "string", on = "create update", max = 255 },
    { "metadata", "string", on = "create update", max = 4096 },
    { "token", "string", once = true, secret = true },
    { "owner_id", "string", on = "create", text = "an id, an e-mail address or a SCIM user id" },
  },
  operations = {
    "create", "get", "update", "delete",
    list = { query = { "limit", "before_id", "filter" } },
  },
}
