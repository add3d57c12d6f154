-- IP policy rules: https://ngrok.com/docs/api/resources/ip-policy-rules/
return {
  name = "ip_policy_rules", item = "ip_policy_rule", prefix = "ipr_", path = "/ip_policy_rules",
  text = "A rule of an IP policy: a range of addresses that is allowed or denied.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "description", "string", on = "create update", max = 255 },
    { "metadata", "string", on = "create update", max = 4096 },
    {
      "cidr", "string", on = "create update", required = "create",
      text = 'a range of IPv4 or IPv6 addresses: "192.0.2.0/24"',
    },
    { "ip_policy", "ref" },
    { "action", "string", on = "create", required = true, text = '"allow" or "deny"' },
  },
  attributes = {
    { "ip_policy_id", "string", on = "create", required = true },
  },
  operations = {
    "create", "get", "update", "delete",
    list = { query = { "limit", "before_id", "filter" } },
  },
}
