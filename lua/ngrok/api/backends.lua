-- Backends of edges: https://ngrok.com/docs/api/resources/failover-backends/ and its neighbours
-- ngrok advises new users to take endpoints with traffic policies.
return {
  failover = {
    name = "backends.failover", item = "failover_backend", prefix = "bkdfo_", path = "/backends/failover",
    list_key = "backends",
    text = "A backend that tries other backends in order until one is up.",
    fields = {
      { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
      { "description", "string", on = "create update" },
      { "metadata", "string", on = "create update" },
      { "backends", "[string]", on = "create update", text = "ids of backends, the preferred first" },
    },
    operations = { "create", "get", "update", "delete", "list" },
  },
  http_response = {
    name = "backends.http_response", item = "http_response_backend", prefix = "bkdhr_",
    path = "/backends/http_response", list_key = "backends",
    text = "A backend that gives a fixed HTTP response.",
    fields = {
      { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
      { "description", "string", on = "create update" },
      { "metadata", "string", on = "create update" },
      { "body", "string", on = "create update", text = "of the response" },
      { "headers", "{string}", on = "create update", text = "of the response" },
      { "status_code", "integer", on = "create update", text = "of the response; 200 unless given" },
    },
    operations = { "create", "get", "update", "delete", "list" },
  },
  static_address = {
    name = "backends.static_address", item = "static_backend", prefix = "bkdst_",
    path = "/backends/static", list_key = "backends",
    text = "A backend that forwards to an address on the internet.",
    fields = {
      { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
      { "description", "string", on = "create update" },
      { "metadata", "string", on = "create update" },
      { "address", "string", on = "create update", text = "host:port" },
      { "tls", "tls", on = "create update", text = "whether to speak TLS to it" },
    },
    types = {
      tls = { { "enabled", "boolean" } },
    },
    operations = { "create", "get", "update", "delete", "list" },
  },
  tunnel_group = {
    name = "backends.tunnel_group", item = "tunnel_group_backend", prefix = "bkdtg_",
    path = "/backends/tunnel_group", list_key = "backends",
    text = "A backend that balances among the tunnels whose labels match.",
    fields = {
      { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
      { "description", "string", on = "create update" },
      { "metadata", "string", on = "create update" },
      { "labels", "{string}", on = "create update", text = "what a tunnel must be labelled with to match" },
      { "tunnels", "[ref]", text = "those that match now" },
    },
    operations = { "create", "get", "update", "delete", "list" },
  },
  weighted = {
    name = "backends.weighted", item = "weighted_backend", prefix = "bkdwd_", path = "/backends/weighted",
    list_key = "backends",
    text = "A backend that spreads traffic over other backends by weight.",
    fields = {
      { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
      { "description", "string", on = "create update" },
      { "metadata", "string", on = "create update" },
      {
        "backends", "{integer}", on = "create update",
        text = "by the id of a backend: its weight, 0 to 10000",
      },
    },
    operations = { "create", "get", "update", "delete", "list" },
  },
}
