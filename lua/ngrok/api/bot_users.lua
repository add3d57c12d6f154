-- Bot users: https://ngrok.com/docs/api/resources/bot-users/
return {
  name = "bot_users", item = "bot_user", prefix = "bot_", path = "/bot_users",
  text = "A user for a program: it owns API keys and credentials. Now called a service user.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "name", "string", on = "create update" },
    { "active", "boolean", on = "create update", text = "false disables all that it owns" },
  },
  operations = { "create", "get", "update", "delete", "list" },
}
