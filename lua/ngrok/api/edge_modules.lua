-- Modules of edges and of their routes: https://ngrok.com/docs/api/resources/tcp-edge-backend-module/ and its
-- neighbours. An edge or a route has each module once, so its id is that of the edge or the route.

-- By type: what its module does.
local texts = {
  backend = "Where the traffic of %s goes.",
  circuit_breaker = "Refuses the requests of %s while its backend fails.",
  compression = "Compresses the responses of %s.",
  ip_restriction = "The IP policies that say from where %s can be reached.",
  mutual_tls = "The authorities whose client certificates %s accepts.",
  oauth = "Has the users of %s sign in with OAuth.",
  oidc = "Has the users of %s sign in with OpenID Connect.",
  request_headers = "Changes the request headers of %s.",
  response_headers = "Changes the response headers of %s.",
  saml = "Has the users of %s sign in with SAML.",
  tls_termination = "Where TLS connections of %s end, and the oldest version that it accepts.",
  traffic_policy = "The traffic policy of %s.",
  user_agent_filter = "The user agents that %s accepts.",
  webhook_verification = "Refuses requests to %s that the provider of its webhooks has not signed.",
  websocket_tcp_converter = "Turns the WebSocket connections of %s into TCP connections.",
}

local edges = {
  {
    name = "https_edge", path = "/edges/https/{id}", text = "an HTTPS edge",
    "mutual_tls", "tls_termination",
  },
  {
    name = "https_edge_route", path = "/edges/https/{edge_id}/routes/{id}", text = "a route",
    "backend", "circuit_breaker", "compression", "ip_restriction", "oauth", "oidc", "request_headers",
    "response_headers", "saml", "traffic_policy", "user_agent_filter", "webhook_verification",
    "websocket_tcp_converter",
  },
  {
    name = "tcp_edge", path = "/edges/tcp/{id}", text = "a TCP edge",
    "backend", "ip_restriction", "traffic_policy",
  },
  {
    name = "tls_edge", path = "/edges/tls/{id}", text = "a TLS edge",
    "backend", "ip_restriction", "mutual_tls", "tls_termination", "traffic_policy",
  },
}

-- The types of attributes, where those are not of the response's type.
local attributes = {
  backend = "backend_attributes", ip_restriction = "ip_restriction_attributes",
  mutual_tls = "mutual_tls_attributes", saml = "saml_attributes",
  https_edge_tls_termination = "https_tls_termination",
}

local modules = {}
for _, edge in ipairs(edges) do
  for _, of in ipairs(edge) do
    local name = edge.name .. "_" .. of
    modules[name] = {
      name = "edge_modules." .. name, item = name, path = edge.path .. "/" .. of,
      text = texts[of]:format(edge.text), fields = of, types = "edge_types",
      operations = { "get", "delete", replace = { takes = attributes[name] or attributes[of] or of } },
    }
  end
end

return modules
