-- By service, what its page in docs/api shows of it. `client` is there, and the account has nothing.
local examples = {}

-- What others need: its variable, and how it is made.
local needed = {
  backend = 'client.backends.static_address:create { address = "app.example.com:443" }',
  edge = 'client.edges.https:create { hostports = { "app.example.com:443" } }',
  route = 'client.edges.https_routes:create(edge, { match_type = "path_prefix", match = "/" })',
  tcp_edge = 'client.edges.tcp:create { hostports = { "1.tcp.ngrok.io:20002" } }',
  tls_edge = 'client.edges.tls:create { hostports = { "app.example.com:443" } }',
  policy = 'client.ip_policies:create { description = "offices" }',
  vault = 'client.vaults:create { name = "production" }',
  authority = 'client.ssh_certificate_authorities:create { private_key_type = "ed25519" }',
  client_authority = 'client.certificate_authorities:create { ca_pem = "-----BEGIN CERTIFICATE-----\\n…" }',
  subscription = 'client.event_subscriptions:create { description = "audit" }',
}

-- `needs`: names of variables with blanks between, in the order in which they are made.
local function lines_of(needs, rest)
  local lines = {}
  for name in (needs or ""):gmatch "%S+" do
    lines[#lines + 1] = ("local %s = assert(%s)"):format(name, needed[name])
  end
  for _, line in ipairs(rest) do
    lines[#lines + 1] = line
  end
  return table.concat(lines, "\n")
end

-- ---- what can be created -------------------------------------------------------------------------

-- By service: the variable of what is made, the attributes, and what they need.
local created = {
  agent_ingresses = { "ingress", '{ domain = "connect.example.com" }' },
  ai_gateway_api_keys = { "key", '{ description = "chat" }' },
  api_keys = { "key", '{ description = "build server" }' },
  ["backends.failover"] = { "failover", "{ backends = { backend.id } }", "backend" },
  ["backends.http_response"] = { "page", '{ status_code = 503, body = "back soon" }' },
  ["backends.static_address"] = { "static", '{ address = "app.example.com:443", tls = { enabled = true } }' },
  ["backends.tunnel_group"] = { "group", '{ labels = { app = "shop" } }' },
  ["backends.weighted"] = { "weighted", "{ backends = { [backend.id] = 1 } }", "backend" },
  bot_users = { "user", '{ name = "build server" }' },
  certificate_authorities = { "authority", '{ ca_pem = "-----BEGIN CERTIFICATE-----\\n…" }' },
  credentials = { "credential", '{ description = "device #132", acl = { "bind:*.example.com" } }' },
  ["edges.https"] = { "edge", '{ hostports = { "app.example.com:443" } }' },
  ["edges.tcp"] = { "edge", '{ hostports = { "1.tcp.ngrok.io:20002" } }' },
  ["edges.tls"] = { "edge", '{ hostports = { "app.example.com:443" } }' },
  event_destinations = {
    "destination", '{ format = "json", target = { datadog = { api_key = "…", service = "ngrok" } } }',
  },
  event_subscriptions = { "subscription", '{ sources = { { type = "ip_policy_created.v0" } } }' },
  ip_policies = { "policy", '{ description = "offices" }' },
  ip_policy_rules = {
    "rule", '{ ip_policy_id = policy, cidr = "192.0.2.0/24", action = "allow" }', "policy",
  },
  ip_restrictions = { "restriction", '{ type = "dashboard", ip_policy_ids = { policy } }', "policy" },
  kubernetes_operators = { "operator", '{ enabled_features = { "ingress" } }' },
  reserved_addrs = { "address", '{ region = "us" }' },
  reserved_domains = { "domain", '{ domain = "app.example.com" }' },
  secrets = { "secret", '{ vault_id = vault, name = "password", value = "…" }', "vault" },
  service_users = { "user", '{ name = "build server" }' },
  ssh_certificate_authorities = { "authority", '{ private_key_type = "ed25519" }' },
  ssh_credentials = { "credential", '{ public_key = "ssh-ed25519 AAAA… alan@example.com" }' },
  ssh_host_certificates = {
    "certificate", '{ ssh_certificate_authority_id = authority, public_key = "ssh-ed25519 AAAA…" }',
    "authority",
  },
  ssh_user_certificates = {
    "certificate", '{ ssh_certificate_authority_id = authority, public_key = "ssh-ed25519 AAAA…" }',
    "authority",
  },
  tls_certificates = { "certificate", '{ certificate_pem = "…", private_key_pem = "…" }' },
  vaults = { "vault", '{ name = "production" }' },
}

for service, made in pairs(created) do
  local name, attributes, needs = made[1], made[2], made[3]
  local change = service:find "_users$" and 'name = "tests"' or 'metadata = "{}"'
  examples[service] = lines_of(needs, {
    ("local %s = assert(client.%s:create %s)"):format(name, service, attributes),
    ("assert(%s:update { %s })"):format(name, change),
    ("for one in client.%s:list() do print(one.id == %s.id) end   --> true"):format(service, name),
    ("assert(%s:delete())"):format(name),
  })
end

examples.endpoints = [[
local endpoint = assert(client.endpoints:create {
  type = "cloud", url = "https://app.example.com",
  traffic_policy = '{"on_http_request":[{"actions":[{"type":"deny"}]}]}',
})
for one in client.endpoints:list { filter = { url = "https://app.example.com" } } do
  print(one.type)   --> cloud
end
assert(endpoint:delete())]]

examples["edges.https_routes"] = lines_of("edge backend", {
  "local route = assert(client.edges.https_routes:create(edge, {",
  '  match_type = "path_prefix", match = "/", backend = { backend_id = backend.id },',
  "}))",
  "assert(route:update { compression = { enabled = true } })",
  "assert(route:delete())",
})

examples.event_sources = lines_of("subscription", {
  'local source = assert(client.event_sources:create(subscription, { type = "ip_policy_created.v0" }))',
  "print(source.type)   --> ip_policy_created.v0",
})

examples.abuse_reports = [[
local report = assert(client.abuse_reports:create { urls = { "https://bad.example.com/login" } })
print(report.urls[1])   --> https://bad.example.com/login]]

-- ---- modules of edges ----------------------------------------------------------------------------

-- By type of module: what it takes, and what that needs.
local replaced = {
  backend = { "backend_id = backend.id", "backend" },
  circuit_breaker = { "error_threshold_percentage = 0.5, rolling_window = 60, tripped_duration = 10" },
  compression = { "enabled = true" },
  ip_restriction = { "ip_policy_ids = { policy.id }", "policy" },
  mutual_tls = { "certificate_authority_ids = { client_authority.id }", "client_authority" },
  oauth = { 'provider = { google = { email_domains = { "example.com" } } }' },
  oidc = { 'issuer = "https://login.example.com", client_id = "shop", client_secret = "…"' },
  request_headers = { 'add = { ["X-Edge"] = "1" }' },
  response_headers = { 'remove = { "Server" }' },
  saml = { 'idp_metadata = "<EntityDescriptor>…"' },
  tls_termination = { 'min_version = "1.2"' },
  traffic_policy = { [[value = '{"on_tcp_connect":[{"actions":[{"type":"deny"}]}]}']] },
  user_agent_filter = { 'deny = { "curl/.*" }' },
  webhook_verification = { 'provider = "GITHUB", secret = "…"' },
  websocket_tcp_converter = { "enabled = true" },
}

local edges = {
  { "https_edge_route_", "edge route", "edge, route" }, { "https_edge_", "edge", "edge" },
  { "tcp_edge_", "tcp_edge", "tcp_edge" }, { "tls_edge_", "tls_edge", "tls_edge" },
}

local function edge_of(name)
  for _, edge in ipairs(edges) do
    if name:find("^" .. edge[1]) then
      return edge, replaced[name:sub(#edge[1] + 1)]
    end
  end
end

-- The example of a service, if it has one.
return function(service)
  local name = service:match "^edge_modules%.(.*)$"
  if not name then
    return examples[service]
  end
  local edge, takes = edge_of(name)
  return lines_of(edge[2] .. " " .. (takes[2] or ""), {
    ("local module = assert(client.%s:replace(%s, {"):format(service, edge[3]),
    ("  %s,"):format(takes[1]),
    "}))",
    "assert(module:delete())",
  })
end
