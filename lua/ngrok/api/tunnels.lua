-- Tunnels: https://ngrok.com/docs/api/resources/tunnels/
return {
  name = "tunnels", item = "tunnel", prefix = "tn_", path = "/tunnels",
  text = "A tunnel that an agent has started.",
  fields = {
    { "id", "string", required = true },
    { "metadata", "string", text = "of the agent" },
    { "public_url", "string" }, { "started_at", "string" },
    { "proto", "string", text = '"http", "https", "tcp" or "tls"' },
    { "region", "string" }, { "tunnel_session", "ref" }, { "endpoint", "ref" },
    { "labels", "{string}", text = "of a tunnel for tunnel group backends" },
    { "backends", "[ref]", text = "tunnel group backends that it matches" },
    { "forwards_to", "string", text = "where the agent forwards to" },
  },
  operations = { "get", "list" },
}
