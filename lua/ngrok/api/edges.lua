-- Edges: https://ngrok.com/docs/api/resources/https-edges/ and its neighbours
-- ngrok advises new users to take endpoints with traffic policies.
return {
  https = {
    name = "edges.https", item = "https_edge", prefix = "edghts_", path = "/edges/https",
    list_key = "https_edges",
    text = "An HTTPS edge: hostnames, TLS settings and routes.",
    fields = {
      { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
      { "description", "string", on = "create update", max = 255 },
      { "metadata", "string", on = "create update", max = 4096 },
      {
        "hostports", "[string]", on = "create update",
        text = '"host:port" of each address it listens on; the domain or address must be reserved',
      },
      { "mutual_tls", "mutual_tls" }, { "tls_termination", "tls_termination" },
      { "routes", "[route]", text = "its routes; as a method, a listing of them" },
    },
    attributes = {
      { "mutual_tls", "mutual_tls_attributes", on = "create update" },
      { "tls_termination", "https_tls_termination", on = "create update" },
    },
    types = "edge_types",
    operations = {
      "create", "get", "update", "delete", "list",
      -- The API has no list of routes. But an edge has all of them, as a page has its items.
      routes = {
        method = "GET", path = "/edges/https/{id}", query = {}, returns = "page", of = "edges.https_routes",
      },
    },
  },
  https_routes = {
    name = "edges.https_routes", item = "https_edge_route", prefix = "edghtsrt_",
    path = "/edges/https/{edge_id}/routes", list_key = "routes",
    text = "A route of an HTTPS edge: which paths it matches, and what happens to their requests.",
    fields = "route",
    attributes = {
      { "backend", "backend_attributes", on = "create update" },
      { "ip_restriction", "ip_restriction_attributes", on = "create update" },
      { "saml", "saml_attributes", on = "create update" },
    },
    types = "edge_types",
    operations = { "create", "get", "update", "delete" },
  },
  tcp = {
    name = "edges.tcp", item = "tcp_edge", prefix = "edgtcp_", path = "/edges/tcp",
    list_key = "tcp_edges",
    text = "A TCP edge: addresses and where their connections go.",
    fields = {
      { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
      { "description", "string", on = "create update", max = 255 },
      { "metadata", "string", on = "create update", max = 4096 },
      {
        "hostports", "[string]", on = "create update",
        text = '"host:port" of each address it listens on; the domain or address must be reserved',
      },
      { "backend", "backend" }, { "ip_restriction", "ip_restriction" },
      { "traffic_policy", "traffic_policy", on = "create update" },
    },
    attributes = {
      { "backend", "backend_attributes", on = "create update" },
      { "ip_restriction", "ip_restriction_attributes", on = "create update" },
    },
    types = "edge_types",
    operations = { "create", "get", "update", "delete", "list" },
  },
  tls = {
    name = "edges.tls", item = "tls_edge", prefix = "edgtls_", path = "/edges/tls",
    list_key = "tls_edges",
    text = "A TLS edge: hostnames, TLS settings and where their connections go.",
    fields = {
      { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
      { "description", "string", on = "create update", max = 255 },
      { "metadata", "string", on = "create update", max = 4096 },
      {
        "hostports", "[string]", on = "create update",
        text = '"host:port" of each address it listens on; the domain or address must be reserved',
      },
      { "backend", "backend" }, { "ip_restriction", "ip_restriction" }, { "mutual_tls", "mutual_tls" },
      { "tls_termination", "tls_termination", on = "create update" },
      { "traffic_policy", "traffic_policy", on = "create update" },
    },
    attributes = {
      { "backend", "backend_attributes", on = "create update" },
      { "ip_restriction", "ip_restriction_attributes", on = "create update" },
      { "mutual_tls", "mutual_tls_attributes", on = "create update" },
    },
    types = "edge_types",
    operations = { "create", "get", "update", "delete", "list" },
  },
}
