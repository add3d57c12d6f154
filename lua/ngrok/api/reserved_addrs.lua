-- Reserved addresses: https://ngrok.com/docs/api/resources/reserved-addrs/
return {
  name = "reserved_addrs", item = "reserved_addr", prefix = "ra_", path = "/reserved_addrs",
  text = "A TCP address that only this account can listen on.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "description", "string", on = "create update" },
    { "metadata", "string", on = "create update", max = 4096 },
    { "addr", "string", text = '"host:port"' },
    { "region", "string", on = "create", text = 'of ngrok: "us" unless given' },
  },
  operations = {
    "create", "get", "update", "delete",
    list = { query = { "limit", "before_id", "filter" } },
  },
}
