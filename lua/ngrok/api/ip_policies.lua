-- IP policies: https://ngrok.com/docs/api/resources/ip-policies/
return {
  name = "ip_policies", item = "ip_policy", prefix = "ipp_", path = "/ip_policies",
  text = "A list of IP policy rules that others refer to.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "description", "string", on = "create update", max = 255 },
    { "metadata", "string", on = "create update", max = 4096 },
  },
  operations = {
    "create", "get", "update", "delete",
    list = { query = { "limit", "before_id", "filter" } },
  },
}
