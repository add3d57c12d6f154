-- Service users: https://ngrok.com/docs/api/resources/service-users/
return {
  name = "service_users", item = "service_user", prefix = "bot_", path = "/service_users",
  text = "A user for a program: it owns API keys, credentials and SSH credentials.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "name", "string", on = "create update" },
    { "active", "boolean", on = "create update", text = "false disables all that it owns" },
  },
  operations = {
    "create", "get", "update", "delete",
    list = { query = { "limit", "before_id", "filter" } },
  },
}
