-- Endpoints: https://ngrok.com/docs/api/resources/endpoints/
return {
  name = "endpoints", item = "endpoint", prefix = "ep_", path = "/endpoints",
  text = "An endpoint: a URL that receives traffic, and the policy by which ngrok handles it.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "updated_at", "string" },
    { "description", "string", on = "create update" },
    { "metadata", "string", on = "create update" },
    { "region", "string", text = 'of ngrok; "global" for all' },
    { "public_url", "string", text = "the older name of url" },
    { "proto", "string", text = '"http", "https", "tcp" or "tls"' },
    { "scheme", "string", text = "of the URL" },
    { "hostport", "string", text = '"host:port" of the URL' },
    { "host", "string", text = "of the URL" },
    { "port", "integer", text = "of the URL" },
    {
      "type", "string", on = "create", required = true,
      text = '"cloud" where this API creates it; else "ephemeral" (of an agent) or "edge"',
    },
    { "domain", "ref", text = "the reserved domain, if the URL has one" },
    { "tcp_addr", "ref", text = "the reserved address, if the URL has one" },
    { "tunnel", "ref", text = "of an agent" },
    { "edge", "ref", text = "of an edge" },
    { "upstream_url", "string", text = "where the agent forwards to" },
    { "upstream_protocol", "string", text = 'that the agent speaks to it: "http1" or "http2"' },
    {
      "url", "string", on = "create update", required = "create",
      text = '"https://app.example.com", "tcp://1.tcp.ngrok.io:20002", …',
    },
    { "principal", "ref", text = "the user whose credential started it" },
    {
      "traffic_policy", "string", on = "create update", required = "create", secret = true,
      text = "what happens to its traffic, as JSON or YAML",
    },
    {
      "bindings", "[string]", on = "create update",
      text = 'from where it can be reached: "public", "internal" or "kubernetes"',
    },
    { "tunnel_session", "ref", text = "of the agent" },
    { "name", "string", text = "that the agent gave it" },
    {
      "pooling_enabled", "boolean", on = "create update",
      text = "whether other endpoints may have the same URL and share its traffic",
    },
  },
  operations = {
    "create", "get", "update", "delete",
    list = { query = { "limit", "before_id", "filter", { "id", "[string]" }, { "url", "[string]" } } },
  },
}
