-- IP restrictions: https://ngrok.com/docs/api/resources/ip-restrictions/
return {
  name = "ip_restrictions", item = "ip_restriction", prefix = "ipx_", path = "/ip_restrictions",
  text = "IP policies that limit from where the dashboard, the API, agents or endpoints can be reached.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "description", "string", on = "create update", max = 255 },
    { "metadata", "string", on = "create update", max = 4096 },
    { "enforced", "boolean", on = "create update", text = "false only records what it would refuse" },
    {
      "type", "string", on = "create", required = true,
      text = '"dashboard", "api", "agent" or "endpoints"',
    },
    { "ip_policies", "[ref]" },
  },
  attributes = {
    { "ip_policy_ids", "[string]", on = "create update", required = "create" },
  },
  operations = {
    "create", "get", "update", "delete",
    list = { query = { "limit", "before_id", "filter" } },
  },
}
