---@meta
-- `make generate` writes this file, from lua/ngrok/api/edges.lua.

---@class ngrok.Client
---@field edges ngrok.Edges

---An HTTPS edge: hostnames, TLS settings and routes. Its fields cannot be assigned.
---@class ngrok.HttpsEdge: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field hostports string[] "host:port" of each address it listens on; the domain or address must be reserved
---@field mutual_tls? ngrok.EdgeMutualTls
---@field tls_termination? ngrok.EdgeTlsTermination
---@field routes ngrok.EdgeRoute[] its routes; as a method, a listing of them
local HttpsEdge = {}

---Deletes: `DELETE /edges/https/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdge:delete(options) end

---Reads: `GET /edges/https/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdge?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdge:reload(options) end

---Changes: `PATCH /edges/https/{id}`
---@param attributes ngrok.HttpsEdgeUpdate
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdge?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdge:update(attributes, options) end

HttpsEdge.created = require "ngrok.created"

---What `edges.https.create` takes.
---@class ngrok.HttpsEdgeCreate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field hostports? string[] "host:port" of each address it listens on; the domain or address must be reserved
---@field mutual_tls? ngrok.EdgeMutualTlsAttributes
---@field tls_termination? ngrok.EdgeHttpsTlsTermination

---What `edges.https.update` takes.
---@class ngrok.HttpsEdgeUpdate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field hostports? string[] "host:port" of each address it listens on; the domain or address must be reserved
---@field mutual_tls? ngrok.EdgeMutualTlsAttributes
---@field tls_termination? ngrok.EdgeHttpsTlsTermination

---@class ngrok.HttpsEdgeListing: ngrok.Listing
---@field next fun(self): ngrok.HttpsEdge?, ngrok.Error?
---@field all fun(self): ngrok.HttpsEdge[]?, ngrok.Error?
---@overload fun(): ngrok.HttpsEdge?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.HttpsEdgeMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field hostports? string|string[]

---@class ngrok.EdgesHttps
local EdgesHttps = {}

---Creates: `POST /edges/https`
---@param attributes? ngrok.HttpsEdgeCreate
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdge?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgesHttps:create(attributes, options) end

---Deletes: `DELETE /edges/https/{id}`
---@param id string|ngrok.HttpsEdge
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgesHttps:delete(id, options) end

---Reads: `GET /edges/https/{id}`
---@param id string|ngrok.HttpsEdge
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdge?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgesHttps:get(id, options) end

---Lists, newest first: `GET /edges/https`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.HttpsEdgeListing
function EdgesHttps:list(query, options) end

---routes: `GET /edges/https/{id}`
---@param id string|ngrok.HttpsEdge
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.HttpsEdgeRouteListing
function EdgesHttps:routes(id, query, options) end

---Changes: `PATCH /edges/https/{id}`
---@param id string|ngrok.HttpsEdge
---@param attributes ngrok.HttpsEdgeUpdate
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdge?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgesHttps:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.HttpsEdgeMatch
---@param options? ngrok.FindOptions
---@return ngrok.HttpsEdge?
---@return ngrok.Error?
function EdgesHttps:find(match, options) end

---All that match, newest first.
---@param match ngrok.HttpsEdgeMatch
---@param options? ngrok.FindOptions
---@return ngrok.HttpsEdge[]?
---@return ngrok.Error?
function EdgesHttps:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.HttpsEdge?
---@return (ngrok.Response|ngrok.Error)?
function EdgesHttps:find_or_create(match, options) end

---@class ngrok.Edges
---@field https ngrok.EdgesHttps

---A route of an HTTPS edge: which paths it matches, and what happens to their requests. Its fields cannot be assigned.
---@class ngrok.HttpsEdgeRoute: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field edge_id? string
---@field match_type? string "exact_path" or "path_prefix"
---@field match? string the path, or how it begins: "/blob/foo"
---@field backend? ngrok.EdgeBackend
---@field ip_restriction? ngrok.EdgeIpRestriction
---@field circuit_breaker? ngrok.EdgeCircuitBreaker
---@field compression? ngrok.EdgeCompression
---@field request_headers? ngrok.EdgeRequestHeaders
---@field response_headers? ngrok.EdgeResponseHeaders
---@field webhook_verification? ngrok.EdgeWebhookVerification
---@field oauth? ngrok.EdgeOauth
---@field saml? ngrok.EdgeSaml
---@field oidc? ngrok.EdgeOidc
---@field websocket_tcp_converter? ngrok.EdgeWebsocketTcpConverter
---@field user_agent_filter? ngrok.EdgeUserAgentFilter
---@field traffic_policy? ngrok.EdgeTrafficPolicy
local HttpsEdgeRoute = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRoute:delete(options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRoute?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRoute:reload(options) end

---Changes: `PATCH /edges/https/{edge_id}/routes/{id}`
---@param attributes ngrok.HttpsEdgeRouteUpdate
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRoute?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRoute:update(attributes, options) end

HttpsEdgeRoute.created = require "ngrok.created"

---What `edges.https_routes.create` takes.
---@class ngrok.HttpsEdgeRouteCreate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field match_type string "exact_path" or "path_prefix"
---@field match string the path, or how it begins: "/blob/foo"
---@field circuit_breaker? ngrok.EdgeCircuitBreaker
---@field compression? ngrok.EdgeCompression
---@field request_headers? ngrok.EdgeRequestHeaders
---@field response_headers? ngrok.EdgeResponseHeaders
---@field webhook_verification? ngrok.EdgeWebhookVerification
---@field oauth? ngrok.EdgeOauth
---@field oidc? ngrok.EdgeOidc
---@field websocket_tcp_converter? ngrok.EdgeWebsocketTcpConverter
---@field user_agent_filter? ngrok.EdgeUserAgentFilter
---@field traffic_policy? ngrok.EdgeTrafficPolicy
---@field backend? ngrok.EdgeBackendAttributes
---@field ip_restriction? ngrok.EdgeIpRestrictionAttributes
---@field saml? ngrok.EdgeSamlAttributes

---What `edges.https_routes.update` takes.
---@class ngrok.HttpsEdgeRouteUpdate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field match_type? string "exact_path" or "path_prefix"
---@field match? string the path, or how it begins: "/blob/foo"
---@field circuit_breaker? ngrok.EdgeCircuitBreaker
---@field compression? ngrok.EdgeCompression
---@field request_headers? ngrok.EdgeRequestHeaders
---@field response_headers? ngrok.EdgeResponseHeaders
---@field webhook_verification? ngrok.EdgeWebhookVerification
---@field oauth? ngrok.EdgeOauth
---@field oidc? ngrok.EdgeOidc
---@field websocket_tcp_converter? ngrok.EdgeWebsocketTcpConverter
---@field user_agent_filter? ngrok.EdgeUserAgentFilter
---@field traffic_policy? ngrok.EdgeTrafficPolicy
---@field backend? ngrok.EdgeBackendAttributes
---@field ip_restriction? ngrok.EdgeIpRestrictionAttributes
---@field saml? ngrok.EdgeSamlAttributes

---@class ngrok.HttpsEdgeRouteListing: ngrok.Listing
---@field next fun(self): ngrok.HttpsEdgeRoute?, ngrok.Error?
---@field all fun(self): ngrok.HttpsEdgeRoute[]?, ngrok.Error?
---@overload fun(): ngrok.HttpsEdgeRoute?

---@class ngrok.EdgesHttpsRoutes
local EdgesHttpsRoutes = {}

---Creates: `POST /edges/https/{edge_id}/routes`
---@param edge_id string|ngrok.Resource
---@param attributes? ngrok.HttpsEdgeRouteCreate
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRoute?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgesHttpsRoutes:create(edge_id, attributes, options) end

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.HttpsEdgeRoute
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgesHttpsRoutes:delete(edge_id, id, options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.HttpsEdgeRoute
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRoute?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgesHttpsRoutes:get(edge_id, id, options) end

---Changes: `PATCH /edges/https/{edge_id}/routes/{id}`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.HttpsEdgeRoute
---@param attributes ngrok.HttpsEdgeRouteUpdate
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRoute?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgesHttpsRoutes:update(edge_id, id, attributes, options) end

---@class ngrok.Edges
---@field https_routes ngrok.EdgesHttpsRoutes

---A TCP edge: addresses and where their connections go. Its fields cannot be assigned.
---@class ngrok.TcpEdge: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field hostports string[] "host:port" of each address it listens on; the domain or address must be reserved
---@field backend? ngrok.EdgeBackend
---@field ip_restriction? ngrok.EdgeIpRestriction
---@field traffic_policy? ngrok.EdgeTrafficPolicy
local TcpEdge = {}

---Deletes: `DELETE /edges/tcp/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TcpEdge:delete(options) end

---Reads: `GET /edges/tcp/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.TcpEdge?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TcpEdge:reload(options) end

---Changes: `PATCH /edges/tcp/{id}`
---@param attributes ngrok.TcpEdgeUpdate
---@param options? ngrok.CallOptions
---@return ngrok.TcpEdge?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TcpEdge:update(attributes, options) end

TcpEdge.created = require "ngrok.created"

---What `edges.tcp.create` takes.
---@class ngrok.TcpEdgeCreate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field hostports? string[] "host:port" of each address it listens on; the domain or address must be reserved
---@field traffic_policy? ngrok.EdgeTrafficPolicy
---@field backend? ngrok.EdgeBackendAttributes
---@field ip_restriction? ngrok.EdgeIpRestrictionAttributes

---What `edges.tcp.update` takes.
---@class ngrok.TcpEdgeUpdate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field hostports? string[] "host:port" of each address it listens on; the domain or address must be reserved
---@field traffic_policy? ngrok.EdgeTrafficPolicy
---@field backend? ngrok.EdgeBackendAttributes
---@field ip_restriction? ngrok.EdgeIpRestrictionAttributes

---@class ngrok.TcpEdgeListing: ngrok.Listing
---@field next fun(self): ngrok.TcpEdge?, ngrok.Error?
---@field all fun(self): ngrok.TcpEdge[]?, ngrok.Error?
---@overload fun(): ngrok.TcpEdge?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.TcpEdgeMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field hostports? string|string[]

---@class ngrok.EdgesTcp
local EdgesTcp = {}

---Creates: `POST /edges/tcp`
---@param attributes? ngrok.TcpEdgeCreate
---@param options? ngrok.CallOptions
---@return ngrok.TcpEdge?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgesTcp:create(attributes, options) end

---Deletes: `DELETE /edges/tcp/{id}`
---@param id string|ngrok.TcpEdge
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgesTcp:delete(id, options) end

---Reads: `GET /edges/tcp/{id}`
---@param id string|ngrok.TcpEdge
---@param options? ngrok.CallOptions
---@return ngrok.TcpEdge?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgesTcp:get(id, options) end

---Lists, newest first: `GET /edges/tcp`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.TcpEdgeListing
function EdgesTcp:list(query, options) end

---Changes: `PATCH /edges/tcp/{id}`
---@param id string|ngrok.TcpEdge
---@param attributes ngrok.TcpEdgeUpdate
---@param options? ngrok.CallOptions
---@return ngrok.TcpEdge?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgesTcp:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.TcpEdgeMatch
---@param options? ngrok.FindOptions
---@return ngrok.TcpEdge?
---@return ngrok.Error?
function EdgesTcp:find(match, options) end

---All that match, newest first.
---@param match ngrok.TcpEdgeMatch
---@param options? ngrok.FindOptions
---@return ngrok.TcpEdge[]?
---@return ngrok.Error?
function EdgesTcp:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.TcpEdge?
---@return (ngrok.Response|ngrok.Error)?
function EdgesTcp:find_or_create(match, options) end

---@class ngrok.Edges
---@field tcp ngrok.EdgesTcp

---A TLS edge: hostnames, TLS settings and where their connections go. Its fields cannot be assigned.
---@class ngrok.TlsEdge: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field hostports string[] "host:port" of each address it listens on; the domain or address must be reserved
---@field backend? ngrok.EdgeBackend
---@field ip_restriction? ngrok.EdgeIpRestriction
---@field mutual_tls? ngrok.EdgeMutualTls
---@field tls_termination? ngrok.EdgeTlsTermination
---@field traffic_policy? ngrok.EdgeTrafficPolicy
local TlsEdge = {}

---Deletes: `DELETE /edges/tls/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsEdge:delete(options) end

---Reads: `GET /edges/tls/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdge?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsEdge:reload(options) end

---Changes: `PATCH /edges/tls/{id}`
---@param attributes ngrok.TlsEdgeUpdate
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdge?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsEdge:update(attributes, options) end

TlsEdge.created = require "ngrok.created"

---What `edges.tls.create` takes.
---@class ngrok.TlsEdgeCreate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field hostports? string[] "host:port" of each address it listens on; the domain or address must be reserved
---@field tls_termination? ngrok.EdgeTlsTermination
---@field traffic_policy? ngrok.EdgeTrafficPolicy
---@field backend? ngrok.EdgeBackendAttributes
---@field ip_restriction? ngrok.EdgeIpRestrictionAttributes
---@field mutual_tls? ngrok.EdgeMutualTlsAttributes

---What `edges.tls.update` takes.
---@class ngrok.TlsEdgeUpdate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field hostports? string[] "host:port" of each address it listens on; the domain or address must be reserved
---@field tls_termination? ngrok.EdgeTlsTermination
---@field traffic_policy? ngrok.EdgeTrafficPolicy
---@field backend? ngrok.EdgeBackendAttributes
---@field ip_restriction? ngrok.EdgeIpRestrictionAttributes
---@field mutual_tls? ngrok.EdgeMutualTlsAttributes

---@class ngrok.TlsEdgeListing: ngrok.Listing
---@field next fun(self): ngrok.TlsEdge?, ngrok.Error?
---@field all fun(self): ngrok.TlsEdge[]?, ngrok.Error?
---@overload fun(): ngrok.TlsEdge?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.TlsEdgeMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field hostports? string|string[]

---@class ngrok.EdgesTls
local EdgesTls = {}

---Creates: `POST /edges/tls`
---@param attributes? ngrok.TlsEdgeCreate
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdge?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgesTls:create(attributes, options) end

---Deletes: `DELETE /edges/tls/{id}`
---@param id string|ngrok.TlsEdge
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgesTls:delete(id, options) end

---Reads: `GET /edges/tls/{id}`
---@param id string|ngrok.TlsEdge
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdge?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgesTls:get(id, options) end

---Lists, newest first: `GET /edges/tls`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.TlsEdgeListing
function EdgesTls:list(query, options) end

---Changes: `PATCH /edges/tls/{id}`
---@param id string|ngrok.TlsEdge
---@param attributes ngrok.TlsEdgeUpdate
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdge?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgesTls:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.TlsEdgeMatch
---@param options? ngrok.FindOptions
---@return ngrok.TlsEdge?
---@return ngrok.Error?
function EdgesTls:find(match, options) end

---All that match, newest first.
---@param match ngrok.TlsEdgeMatch
---@param options? ngrok.FindOptions
---@return ngrok.TlsEdge[]?
---@return ngrok.Error?
function EdgesTls:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.TlsEdge?
---@return (ngrok.Response|ngrok.Error)?
function EdgesTls:find_or_create(match, options) end

---@class ngrok.Edges
---@field tls ngrok.EdgesTls
