-- Vaults: https://ngrok.com/docs/api/resources/vaults/
return {
  name = "vaults", item = "vault", prefix = "vault_", path = "/vaults",
  text = "A place for secrets.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "updated_at", "string" },
    { "description", "string", on = "create update" },
    { "metadata", "string", on = "create update" },
    { "name", "string", on = "create update" },
    { "created_by", "string", text = "the user who created it" },
    { "last_updated_by", "string", text = "the user who changed it last" },
  },
  operations = {
    "create", "get", "update", "delete",
    list = { query = { "limit", "before_id", "filter" } },
    get_secrets_by_vault = {
      method = "GET", path = "/vaults/{id}/secrets", returns = "page", of = "secrets",
      text = "Lists the secrets of a vault",
    },
  },
}
