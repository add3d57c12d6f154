-- Secrets: https://ngrok.com/docs/api/resources/secrets/
return {
  name = "secrets", item = "secret", prefix = "secret_", path = "/vault_secrets",
  text = "A secret in a vault, for use in traffic policies.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "updated_at", "string" },
    { "description", "string", on = "create update" },
    { "metadata", "string", on = "create update" },
    { "name", "string", on = "create update" },
    { "created_by", "ref", text = "the user who created it" },
    { "last_updated_by", "ref", text = "the user who changed it last" },
    { "vault", "ref" },
    { "vault_name", "string", on = "create" },
  },
  attributes = {
    { "value", "string", on = "create update", secret = true, text = "shown by no response" },
    { "vault_id", "string", on = "create", required = true },
  },
  operations = {
    "create", "get", "update", "delete",
    list = { query = { "limit", "before_id", "filter" } },
  },
}
