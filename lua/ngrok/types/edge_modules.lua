---@meta
-- `make generate` writes this file, from lua/ngrok/api/edge_modules.lua.

---@class ngrok.Client
---@field edge_modules ngrok.EdgeModules

---The authorities whose client certificates an HTTPS edge accepts. Its fields cannot be assigned.
---@class ngrok.HttpsEdgeMutualTls: ngrok.Resource
---@field enabled? boolean whether it is on
---@field certificate_authorities ngrok.Ref[]
local HttpsEdgeMutualTls = {}

---Deletes: `DELETE /edges/https/{id}/mutual_tls`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeMutualTls:delete(options) end

---Reads: `GET /edges/https/{id}/mutual_tls`
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeMutualTls?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeMutualTls:reload(options) end

---Replaces: `PUT /edges/https/{id}/mutual_tls`
---@param attributes ngrok.HttpsEdgeMutualTlsReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeMutualTls?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeMutualTls:replace(attributes, options) end

---What `edge_modules.https_edge_mutual_tls.replace` takes.
---@class ngrok.HttpsEdgeMutualTlsReplace
---@field enabled? boolean whether it is on
---@field certificate_authority_ids? (string|ngrok.Resource)[] whose client certificates are accepted

---@class ngrok.HttpsEdgeMutualTlsListing: ngrok.Listing
---@field next fun(self): ngrok.HttpsEdgeMutualTls?, ngrok.Error?
---@field all fun(self): ngrok.HttpsEdgeMutualTls[]?, ngrok.Error?
---@overload fun(): ngrok.HttpsEdgeMutualTls?

---@class ngrok.EdgeModulesHttpsEdgeMutualTls
local EdgeModulesHttpsEdgeMutualTls = {}

---Deletes: `DELETE /edges/https/{id}/mutual_tls`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeMutualTls:delete(id, options) end

---Reads: `GET /edges/https/{id}/mutual_tls`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeMutualTls?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeMutualTls:get(id, options) end

---Replaces: `PUT /edges/https/{id}/mutual_tls`
---@param id string|ngrok.Resource
---@param attributes ngrok.HttpsEdgeMutualTlsReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeMutualTls?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeMutualTls:replace(id, attributes, options) end

---@class ngrok.EdgeModules
---@field https_edge_mutual_tls ngrok.EdgeModulesHttpsEdgeMutualTls

---Where the traffic of a route goes. Its fields cannot be assigned.
---@class ngrok.HttpsEdgeRouteBackend: ngrok.Resource
---@field enabled? boolean whether it is on
---@field backend? ngrok.Ref
local HttpsEdgeRouteBackend = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/backend`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteBackend:delete(options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/backend`
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteBackend:reload(options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/backend`
---@param attributes ngrok.HttpsEdgeRouteBackendReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteBackend:replace(attributes, options) end

---What `edge_modules.https_edge_route_backend.replace` takes.
---@class ngrok.HttpsEdgeRouteBackendReplace
---@field enabled? boolean whether it is on
---@field backend_id? string|ngrok.Resource

---@class ngrok.HttpsEdgeRouteBackendListing: ngrok.Listing
---@field next fun(self): ngrok.HttpsEdgeRouteBackend?, ngrok.Error?
---@field all fun(self): ngrok.HttpsEdgeRouteBackend[]?, ngrok.Error?
---@overload fun(): ngrok.HttpsEdgeRouteBackend?

---@class ngrok.EdgeModulesHttpsEdgeRouteBackend
local EdgeModulesHttpsEdgeRouteBackend = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/backend`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteBackend:delete(edge_id, id, options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/backend`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteBackend:get(edge_id, id, options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/backend`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param attributes ngrok.HttpsEdgeRouteBackendReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteBackend:replace(edge_id, id, attributes, options) end

---@class ngrok.EdgeModules
---@field https_edge_route_backend ngrok.EdgeModulesHttpsEdgeRouteBackend

---Refuses the requests of a route while its backend fails. Its fields cannot be assigned.
---@class ngrok.HttpsEdgeRouteCircuitBreaker: ngrok.Resource
---@field enabled? boolean whether it is on
---@field tripped_duration? integer seconds before it lets requests through again
---@field rolling_window? integer seconds over which it counts
---@field num_buckets? integer that the window is divided into
---@field volume_threshold? integer requests in the window below which it does not trip
---@field error_threshold_percentage? number of responses 500 and above in the window at which it trips, 0 to 1
local HttpsEdgeRouteCircuitBreaker = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/circuit_breaker`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteCircuitBreaker:delete(options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/circuit_breaker`
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteCircuitBreaker?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteCircuitBreaker:reload(options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/circuit_breaker`
---@param attributes ngrok.HttpsEdgeRouteCircuitBreakerReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteCircuitBreaker?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteCircuitBreaker:replace(attributes, options) end

---What `edge_modules.https_edge_route_circuit_breaker.replace` takes.
---@class ngrok.HttpsEdgeRouteCircuitBreakerReplace
---@field enabled? boolean whether it is on
---@field tripped_duration? integer seconds before it lets requests through again
---@field rolling_window? integer seconds over which it counts
---@field num_buckets? integer that the window is divided into
---@field volume_threshold? integer requests in the window below which it does not trip
---@field error_threshold_percentage? number of responses 500 and above in the window at which it trips, 0 to 1

---@class ngrok.HttpsEdgeRouteCircuitBreakerListing: ngrok.Listing
---@field next fun(self): ngrok.HttpsEdgeRouteCircuitBreaker?, ngrok.Error?
---@field all fun(self): ngrok.HttpsEdgeRouteCircuitBreaker[]?, ngrok.Error?
---@overload fun(): ngrok.HttpsEdgeRouteCircuitBreaker?

---@class ngrok.EdgeModulesHttpsEdgeRouteCircuitBreaker
local EdgeModulesHttpsEdgeRouteCircuitBreaker = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/circuit_breaker`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteCircuitBreaker:delete(edge_id, id, options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/circuit_breaker`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteCircuitBreaker?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteCircuitBreaker:get(edge_id, id, options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/circuit_breaker`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param attributes ngrok.HttpsEdgeRouteCircuitBreakerReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteCircuitBreaker?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteCircuitBreaker:replace(edge_id, id, attributes, options) end

---@class ngrok.EdgeModules
---@field https_edge_route_circuit_breaker ngrok.EdgeModulesHttpsEdgeRouteCircuitBreaker

---Compresses the responses of a route. Its fields cannot be assigned.
---@class ngrok.HttpsEdgeRouteCompression: ngrok.Resource
---@field enabled? boolean whether it is on
local HttpsEdgeRouteCompression = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/compression`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteCompression:delete(options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/compression`
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteCompression?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteCompression:reload(options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/compression`
---@param attributes ngrok.HttpsEdgeRouteCompressionReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteCompression?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteCompression:replace(attributes, options) end

---What `edge_modules.https_edge_route_compression.replace` takes.
---@class ngrok.HttpsEdgeRouteCompressionReplace
---@field enabled? boolean whether it is on

---@class ngrok.HttpsEdgeRouteCompressionListing: ngrok.Listing
---@field next fun(self): ngrok.HttpsEdgeRouteCompression?, ngrok.Error?
---@field all fun(self): ngrok.HttpsEdgeRouteCompression[]?, ngrok.Error?
---@overload fun(): ngrok.HttpsEdgeRouteCompression?

---@class ngrok.EdgeModulesHttpsEdgeRouteCompression
local EdgeModulesHttpsEdgeRouteCompression = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/compression`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteCompression:delete(edge_id, id, options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/compression`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteCompression?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteCompression:get(edge_id, id, options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/compression`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param attributes ngrok.HttpsEdgeRouteCompressionReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteCompression?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteCompression:replace(edge_id, id, attributes, options) end

---@class ngrok.EdgeModules
---@field https_edge_route_compression ngrok.EdgeModulesHttpsEdgeRouteCompression

---The IP policies that say from where a route can be reached. Its fields cannot be assigned.
---@class ngrok.HttpsEdgeRouteIpRestriction: ngrok.Resource
---@field enabled? boolean whether it is on
---@field ip_policies ngrok.Ref[]
local HttpsEdgeRouteIpRestriction = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/ip_restriction`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteIpRestriction:delete(options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/ip_restriction`
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteIpRestriction?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteIpRestriction:reload(options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/ip_restriction`
---@param attributes ngrok.HttpsEdgeRouteIpRestrictionReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteIpRestriction?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteIpRestriction:replace(attributes, options) end

---What `edge_modules.https_edge_route_ip_restriction.replace` takes.
---@class ngrok.HttpsEdgeRouteIpRestrictionReplace
---@field enabled? boolean whether it is on
---@field ip_policy_ids? (string|ngrok.Resource)[]

---@class ngrok.HttpsEdgeRouteIpRestrictionListing: ngrok.Listing
---@field next fun(self): ngrok.HttpsEdgeRouteIpRestriction?, ngrok.Error?
---@field all fun(self): ngrok.HttpsEdgeRouteIpRestriction[]?, ngrok.Error?
---@overload fun(): ngrok.HttpsEdgeRouteIpRestriction?

---@class ngrok.EdgeModulesHttpsEdgeRouteIpRestriction
local EdgeModulesHttpsEdgeRouteIpRestriction = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/ip_restriction`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteIpRestriction:delete(edge_id, id, options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/ip_restriction`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteIpRestriction?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteIpRestriction:get(edge_id, id, options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/ip_restriction`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param attributes ngrok.HttpsEdgeRouteIpRestrictionReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteIpRestriction?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteIpRestriction:replace(edge_id, id, attributes, options) end

---@class ngrok.EdgeModules
---@field https_edge_route_ip_restriction ngrok.EdgeModulesHttpsEdgeRouteIpRestriction

---Has the users of a route sign in with OAuth. Its fields cannot be assigned.
---@class ngrok.HttpsEdgeRouteOauth: ngrok.Resource
---@field enabled? boolean whether it is on
---@field provider? ngrok.EdgeOauthProvider exactly one of them
---@field options_passthrough? boolean let OPTIONS requests through, as CORS needs
---@field cookie_prefix? string for the names of its cookies; "ngrok." unless given
---@field inactivity_timeout? integer seconds without a request after which a session ends; 0 for never
---@field maximum_duration? integer seconds after which a session ends; 0 for never
---@field auth_check_interval? integer seconds between checks that the user is still authorized; 0 for never
local HttpsEdgeRouteOauth = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/oauth`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteOauth:delete(options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/oauth`
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteOauth?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteOauth:reload(options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/oauth`
---@param attributes ngrok.HttpsEdgeRouteOauthReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteOauth?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteOauth:replace(attributes, options) end

---What `edge_modules.https_edge_route_oauth.replace` takes.
---@class ngrok.HttpsEdgeRouteOauthReplace
---@field enabled? boolean whether it is on
---@field provider? ngrok.EdgeOauthProvider exactly one of them
---@field options_passthrough? boolean let OPTIONS requests through, as CORS needs
---@field cookie_prefix? string for the names of its cookies; "ngrok." unless given
---@field inactivity_timeout? integer seconds without a request after which a session ends; 0 for never
---@field maximum_duration? integer seconds after which a session ends; 0 for never
---@field auth_check_interval? integer seconds between checks that the user is still authorized; 0 for never

---@class ngrok.HttpsEdgeRouteOauthListing: ngrok.Listing
---@field next fun(self): ngrok.HttpsEdgeRouteOauth?, ngrok.Error?
---@field all fun(self): ngrok.HttpsEdgeRouteOauth[]?, ngrok.Error?
---@overload fun(): ngrok.HttpsEdgeRouteOauth?

---@class ngrok.EdgeModulesHttpsEdgeRouteOauth
local EdgeModulesHttpsEdgeRouteOauth = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/oauth`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteOauth:delete(edge_id, id, options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/oauth`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteOauth?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteOauth:get(edge_id, id, options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/oauth`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param attributes ngrok.HttpsEdgeRouteOauthReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteOauth?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteOauth:replace(edge_id, id, attributes, options) end

---@class ngrok.EdgeModules
---@field https_edge_route_oauth ngrok.EdgeModulesHttpsEdgeRouteOauth

---Has the users of a route sign in with OpenID Connect. Its fields cannot be assigned.
---@class ngrok.HttpsEdgeRouteOidc: ngrok.Resource
---@field enabled? boolean whether it is on
---@field options_passthrough? boolean let OPTIONS requests through, as CORS needs
---@field cookie_prefix? string for the names of its cookies; "ngrok." unless given
---@field inactivity_timeout? integer seconds without a request after which a session ends; 0 for never
---@field maximum_duration? integer seconds after which a session ends; 0 for never
---@field issuer? string URL of the provider
---@field client_id? string of your app at the provider
---@field client_secret? string secret
---@field scopes string[] that are asked of the provider
local HttpsEdgeRouteOidc = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/oidc`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteOidc:delete(options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/oidc`
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteOidc?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteOidc:reload(options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/oidc`
---@param attributes ngrok.HttpsEdgeRouteOidcReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteOidc?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteOidc:replace(attributes, options) end

---What `edge_modules.https_edge_route_oidc.replace` takes.
---@class ngrok.HttpsEdgeRouteOidcReplace
---@field enabled? boolean whether it is on
---@field options_passthrough? boolean let OPTIONS requests through, as CORS needs
---@field cookie_prefix? string for the names of its cookies; "ngrok." unless given
---@field inactivity_timeout? integer seconds without a request after which a session ends; 0 for never
---@field maximum_duration? integer seconds after which a session ends; 0 for never
---@field issuer? string URL of the provider
---@field client_id? string|ngrok.Resource of your app at the provider
---@field client_secret? string secret
---@field scopes? string[] that are asked of the provider

---@class ngrok.HttpsEdgeRouteOidcListing: ngrok.Listing
---@field next fun(self): ngrok.HttpsEdgeRouteOidc?, ngrok.Error?
---@field all fun(self): ngrok.HttpsEdgeRouteOidc[]?, ngrok.Error?
---@overload fun(): ngrok.HttpsEdgeRouteOidc?

---@class ngrok.EdgeModulesHttpsEdgeRouteOidc
local EdgeModulesHttpsEdgeRouteOidc = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/oidc`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteOidc:delete(edge_id, id, options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/oidc`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteOidc?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteOidc:get(edge_id, id, options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/oidc`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param attributes ngrok.HttpsEdgeRouteOidcReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteOidc?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteOidc:replace(edge_id, id, attributes, options) end

---@class ngrok.EdgeModules
---@field https_edge_route_oidc ngrok.EdgeModulesHttpsEdgeRouteOidc

---Changes the request headers of a route. Its fields cannot be assigned.
---@class ngrok.HttpsEdgeRouteRequestHeaders: ngrok.Resource
---@field enabled? boolean whether it is on
---@field add? table<string, string> headers to set on requests
---@field remove string[] names of headers to take off requests
local HttpsEdgeRouteRequestHeaders = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/request_headers`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteRequestHeaders:delete(options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/request_headers`
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteRequestHeaders?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteRequestHeaders:reload(options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/request_headers`
---@param attributes ngrok.HttpsEdgeRouteRequestHeadersReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteRequestHeaders?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteRequestHeaders:replace(attributes, options) end

---What `edge_modules.https_edge_route_request_headers.replace` takes.
---@class ngrok.HttpsEdgeRouteRequestHeadersReplace
---@field enabled? boolean whether it is on
---@field add? table<string, string> headers to set on requests
---@field remove? string[] names of headers to take off requests

---@class ngrok.HttpsEdgeRouteRequestHeadersListing: ngrok.Listing
---@field next fun(self): ngrok.HttpsEdgeRouteRequestHeaders?, ngrok.Error?
---@field all fun(self): ngrok.HttpsEdgeRouteRequestHeaders[]?, ngrok.Error?
---@overload fun(): ngrok.HttpsEdgeRouteRequestHeaders?

---@class ngrok.EdgeModulesHttpsEdgeRouteRequestHeaders
local EdgeModulesHttpsEdgeRouteRequestHeaders = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/request_headers`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteRequestHeaders:delete(edge_id, id, options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/request_headers`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteRequestHeaders?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteRequestHeaders:get(edge_id, id, options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/request_headers`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param attributes ngrok.HttpsEdgeRouteRequestHeadersReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteRequestHeaders?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteRequestHeaders:replace(edge_id, id, attributes, options) end

---@class ngrok.EdgeModules
---@field https_edge_route_request_headers ngrok.EdgeModulesHttpsEdgeRouteRequestHeaders

---Changes the response headers of a route. Its fields cannot be assigned.
---@class ngrok.HttpsEdgeRouteResponseHeaders: ngrok.Resource
---@field enabled? boolean whether it is on
---@field add? table<string, string> headers to set on responses
---@field remove string[] names of headers to take off responses
local HttpsEdgeRouteResponseHeaders = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/response_headers`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteResponseHeaders:delete(options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/response_headers`
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteResponseHeaders?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteResponseHeaders:reload(options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/response_headers`
---@param attributes ngrok.HttpsEdgeRouteResponseHeadersReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteResponseHeaders?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteResponseHeaders:replace(attributes, options) end

---What `edge_modules.https_edge_route_response_headers.replace` takes.
---@class ngrok.HttpsEdgeRouteResponseHeadersReplace
---@field enabled? boolean whether it is on
---@field add? table<string, string> headers to set on responses
---@field remove? string[] names of headers to take off responses

---@class ngrok.HttpsEdgeRouteResponseHeadersListing: ngrok.Listing
---@field next fun(self): ngrok.HttpsEdgeRouteResponseHeaders?, ngrok.Error?
---@field all fun(self): ngrok.HttpsEdgeRouteResponseHeaders[]?, ngrok.Error?
---@overload fun(): ngrok.HttpsEdgeRouteResponseHeaders?

---@class ngrok.EdgeModulesHttpsEdgeRouteResponseHeaders
local EdgeModulesHttpsEdgeRouteResponseHeaders = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/response_headers`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteResponseHeaders:delete(edge_id, id, options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/response_headers`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteResponseHeaders?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteResponseHeaders:get(edge_id, id, options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/response_headers`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param attributes ngrok.HttpsEdgeRouteResponseHeadersReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteResponseHeaders?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteResponseHeaders:replace(edge_id, id, attributes, options) end

---@class ngrok.EdgeModules
---@field https_edge_route_response_headers ngrok.EdgeModulesHttpsEdgeRouteResponseHeaders

---Has the users of a route sign in with SAML. Its fields cannot be assigned.
---@class ngrok.HttpsEdgeRouteSaml: ngrok.Resource
---@field enabled? boolean whether it is on
---@field options_passthrough? boolean let OPTIONS requests through, as CORS needs
---@field cookie_prefix? string for the names of its cookies; "ngrok." unless given
---@field inactivity_timeout? integer seconds without a request after which a session ends; 0 for never
---@field maximum_duration? integer seconds after which a session ends; 0 for never
---@field idp_metadata? string the identity provider's metadata, XML
---@field force_authn? boolean ask users to sign in even if their provider knows them
---@field allow_idp_initiated? boolean let a sign-in begin at the identity provider
---@field authorized_groups string[] one of which a user must be in; none for all users
---@field entity_id? string ngrok's name to the identity provider
---@field assertion_consumer_service_url? string where the identity provider sends responses
---@field single_logout_url? string where the identity provider sends logout requests
---@field request_signing_certificate_pem? string with which ngrok signs requests
---@field metadata_url? string of ngrok's own metadata
---@field nameid_format? string by what the identity provider names users; a persistent name unless given
local HttpsEdgeRouteSaml = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/saml`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteSaml:delete(options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/saml`
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteSaml?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteSaml:reload(options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/saml`
---@param attributes ngrok.HttpsEdgeRouteSamlReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteSaml?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteSaml:replace(attributes, options) end

---What `edge_modules.https_edge_route_saml.replace` takes.
---@class ngrok.HttpsEdgeRouteSamlReplace
---@field enabled? boolean whether it is on
---@field options_passthrough? boolean let OPTIONS requests through, as CORS needs
---@field cookie_prefix? string for the names of its cookies; "ngrok." unless given
---@field inactivity_timeout? integer seconds without a request after which a session ends; 0 for never
---@field maximum_duration? integer seconds after which a session ends; 0 for never
---@field idp_metadata? string the identity provider's metadata, XML
---@field force_authn? boolean ask users to sign in even if their provider knows them
---@field allow_idp_initiated? boolean let a sign-in begin at the identity provider
---@field authorized_groups? string[] one of which a user must be in; none for all users
---@field nameid_format? string by what the identity provider names users; a persistent name unless given

---@class ngrok.HttpsEdgeRouteSamlListing: ngrok.Listing
---@field next fun(self): ngrok.HttpsEdgeRouteSaml?, ngrok.Error?
---@field all fun(self): ngrok.HttpsEdgeRouteSaml[]?, ngrok.Error?
---@overload fun(): ngrok.HttpsEdgeRouteSaml?

---@class ngrok.EdgeModulesHttpsEdgeRouteSaml
local EdgeModulesHttpsEdgeRouteSaml = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/saml`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteSaml:delete(edge_id, id, options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/saml`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteSaml?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteSaml:get(edge_id, id, options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/saml`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param attributes ngrok.HttpsEdgeRouteSamlReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteSaml?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteSaml:replace(edge_id, id, attributes, options) end

---@class ngrok.EdgeModules
---@field https_edge_route_saml ngrok.EdgeModulesHttpsEdgeRouteSaml

---The traffic policy of a route. Its fields cannot be assigned.
---@class ngrok.HttpsEdgeRouteTrafficPolicy: ngrok.Resource
---@field enabled? boolean whether it is on
---@field value? string the policy, as JSON or YAML; secret
local HttpsEdgeRouteTrafficPolicy = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/traffic_policy`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteTrafficPolicy:delete(options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/traffic_policy`
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteTrafficPolicy?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteTrafficPolicy:reload(options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/traffic_policy`
---@param attributes ngrok.HttpsEdgeRouteTrafficPolicyReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteTrafficPolicy?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteTrafficPolicy:replace(attributes, options) end

---What `edge_modules.https_edge_route_traffic_policy.replace` takes.
---@class ngrok.HttpsEdgeRouteTrafficPolicyReplace
---@field enabled? boolean whether it is on
---@field value? string the policy, as JSON or YAML; secret

---@class ngrok.HttpsEdgeRouteTrafficPolicyListing: ngrok.Listing
---@field next fun(self): ngrok.HttpsEdgeRouteTrafficPolicy?, ngrok.Error?
---@field all fun(self): ngrok.HttpsEdgeRouteTrafficPolicy[]?, ngrok.Error?
---@overload fun(): ngrok.HttpsEdgeRouteTrafficPolicy?

---@class ngrok.EdgeModulesHttpsEdgeRouteTrafficPolicy
local EdgeModulesHttpsEdgeRouteTrafficPolicy = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/traffic_policy`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteTrafficPolicy:delete(edge_id, id, options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/traffic_policy`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteTrafficPolicy?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteTrafficPolicy:get(edge_id, id, options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/traffic_policy`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param attributes ngrok.HttpsEdgeRouteTrafficPolicyReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteTrafficPolicy?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteTrafficPolicy:replace(edge_id, id, attributes, options) end

---@class ngrok.EdgeModules
---@field https_edge_route_traffic_policy ngrok.EdgeModulesHttpsEdgeRouteTrafficPolicy

---The user agents that a route accepts. Its fields cannot be assigned.
---@class ngrok.HttpsEdgeRouteUserAgentFilter: ngrok.Resource
---@field enabled? boolean whether it is on
---@field allow string[] regular expressions of user agents that may enter
---@field deny string[] regular expressions of user agents that may not
local HttpsEdgeRouteUserAgentFilter = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/user_agent_filter`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteUserAgentFilter:delete(options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/user_agent_filter`
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteUserAgentFilter?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteUserAgentFilter:reload(options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/user_agent_filter`
---@param attributes ngrok.HttpsEdgeRouteUserAgentFilterReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteUserAgentFilter?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteUserAgentFilter:replace(attributes, options) end

---What `edge_modules.https_edge_route_user_agent_filter.replace` takes.
---@class ngrok.HttpsEdgeRouteUserAgentFilterReplace
---@field enabled? boolean whether it is on
---@field allow? string[] regular expressions of user agents that may enter
---@field deny? string[] regular expressions of user agents that may not

---@class ngrok.HttpsEdgeRouteUserAgentFilterListing: ngrok.Listing
---@field next fun(self): ngrok.HttpsEdgeRouteUserAgentFilter?, ngrok.Error?
---@field all fun(self): ngrok.HttpsEdgeRouteUserAgentFilter[]?, ngrok.Error?
---@overload fun(): ngrok.HttpsEdgeRouteUserAgentFilter?

---@class ngrok.EdgeModulesHttpsEdgeRouteUserAgentFilter
local EdgeModulesHttpsEdgeRouteUserAgentFilter = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/user_agent_filter`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteUserAgentFilter:delete(edge_id, id, options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/user_agent_filter`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteUserAgentFilter?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteUserAgentFilter:get(edge_id, id, options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/user_agent_filter`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param attributes ngrok.HttpsEdgeRouteUserAgentFilterReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteUserAgentFilter?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteUserAgentFilter:replace(edge_id, id, attributes, options) end

---@class ngrok.EdgeModules
---@field https_edge_route_user_agent_filter ngrok.EdgeModulesHttpsEdgeRouteUserAgentFilter

---Refuses requests to a route that the provider of its webhooks has not signed. Its fields cannot be assigned.
---@class ngrok.HttpsEdgeRouteWebhookVerification: ngrok.Resource
---@field enabled? boolean whether it is on
---@field provider? string who sends the webhooks: "SLACK", "GITHUB", "STRIPE" and others
---@field secret? string with which the provider signs them; secret
local HttpsEdgeRouteWebhookVerification = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/webhook_verification`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteWebhookVerification:delete(options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/webhook_verification`
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteWebhookVerification?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteWebhookVerification:reload(options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/webhook_verification`
---@param attributes ngrok.HttpsEdgeRouteWebhookVerificationReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteWebhookVerification?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteWebhookVerification:replace(attributes, options) end

---What `edge_modules.https_edge_route_webhook_verification.replace` takes.
---@class ngrok.HttpsEdgeRouteWebhookVerificationReplace
---@field enabled? boolean whether it is on
---@field provider? string who sends the webhooks: "SLACK", "GITHUB", "STRIPE" and others
---@field secret? string with which the provider signs them; secret

---@class ngrok.HttpsEdgeRouteWebhookVerificationListing: ngrok.Listing
---@field next fun(self): ngrok.HttpsEdgeRouteWebhookVerification?, ngrok.Error?
---@field all fun(self): ngrok.HttpsEdgeRouteWebhookVerification[]?, ngrok.Error?
---@overload fun(): ngrok.HttpsEdgeRouteWebhookVerification?

---@class ngrok.EdgeModulesHttpsEdgeRouteWebhookVerification
local EdgeModulesHttpsEdgeRouteWebhookVerification = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/webhook_verification`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteWebhookVerification:delete(edge_id, id, options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/webhook_verification`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteWebhookVerification?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteWebhookVerification:get(edge_id, id, options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/webhook_verification`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param attributes ngrok.HttpsEdgeRouteWebhookVerificationReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteWebhookVerification?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteWebhookVerification:replace(edge_id, id, attributes, options) end

---@class ngrok.EdgeModules
---@field https_edge_route_webhook_verification ngrok.EdgeModulesHttpsEdgeRouteWebhookVerification

---Turns the WebSocket connections of a route into TCP connections. Its fields cannot be assigned.
---@class ngrok.HttpsEdgeRouteWebsocketTcpConverter: ngrok.Resource
---@field enabled? boolean whether it is on
local HttpsEdgeRouteWebsocketTcpConverter = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/websocket_tcp_converter`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteWebsocketTcpConverter:delete(options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/websocket_tcp_converter`
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteWebsocketTcpConverter?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteWebsocketTcpConverter:reload(options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/websocket_tcp_converter`
---@param attributes ngrok.HttpsEdgeRouteWebsocketTcpConverterReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteWebsocketTcpConverter?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeRouteWebsocketTcpConverter:replace(attributes, options) end

---What `edge_modules.https_edge_route_websocket_tcp_converter.replace` takes.
---@class ngrok.HttpsEdgeRouteWebsocketTcpConverterReplace
---@field enabled? boolean whether it is on

---@class ngrok.HttpsEdgeRouteWebsocketTcpConverterListing: ngrok.Listing
---@field next fun(self): ngrok.HttpsEdgeRouteWebsocketTcpConverter?, ngrok.Error?
---@field all fun(self): ngrok.HttpsEdgeRouteWebsocketTcpConverter[]?, ngrok.Error?
---@overload fun(): ngrok.HttpsEdgeRouteWebsocketTcpConverter?

---@class ngrok.EdgeModulesHttpsEdgeRouteWebsocketTcpConverter
local EdgeModulesHttpsEdgeRouteWebsocketTcpConverter = {}

---Deletes: `DELETE /edges/https/{edge_id}/routes/{id}/websocket_tcp_converter`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteWebsocketTcpConverter:delete(edge_id, id, options) end

---Reads: `GET /edges/https/{edge_id}/routes/{id}/websocket_tcp_converter`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteWebsocketTcpConverter?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteWebsocketTcpConverter:get(edge_id, id, options) end

---Replaces: `PUT /edges/https/{edge_id}/routes/{id}/websocket_tcp_converter`
---@param edge_id string|ngrok.Resource
---@param id string|ngrok.Resource
---@param attributes ngrok.HttpsEdgeRouteWebsocketTcpConverterReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeRouteWebsocketTcpConverter?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeRouteWebsocketTcpConverter:replace(edge_id, id, attributes, options) end

---@class ngrok.EdgeModules
---@field https_edge_route_websocket_tcp_converter ngrok.EdgeModulesHttpsEdgeRouteWebsocketTcpConverter

---Where TLS connections of an HTTPS edge end, and the oldest version that it accepts. Its fields cannot be assigned.
---@class ngrok.HttpsEdgeTlsTermination: ngrok.Resource
---@field enabled? boolean whether it is on
---@field terminate_at? string "edge" or "upstream"
---@field min_version? string of TLS: "1.0", "1.1", "1.2" or "1.3"
local HttpsEdgeTlsTermination = {}

---Deletes: `DELETE /edges/https/{id}/tls_termination`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeTlsTermination:delete(options) end

---Reads: `GET /edges/https/{id}/tls_termination`
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeTlsTermination?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeTlsTermination:reload(options) end

---Replaces: `PUT /edges/https/{id}/tls_termination`
---@param attributes ngrok.HttpsEdgeTlsTerminationReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeTlsTermination?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpsEdgeTlsTermination:replace(attributes, options) end

---What `edge_modules.https_edge_tls_termination.replace` takes.
---@class ngrok.HttpsEdgeTlsTerminationReplace
---@field enabled? boolean whether it is on
---@field min_version? string of TLS: "1.0", "1.1", "1.2" or "1.3"

---@class ngrok.HttpsEdgeTlsTerminationListing: ngrok.Listing
---@field next fun(self): ngrok.HttpsEdgeTlsTermination?, ngrok.Error?
---@field all fun(self): ngrok.HttpsEdgeTlsTermination[]?, ngrok.Error?
---@overload fun(): ngrok.HttpsEdgeTlsTermination?

---@class ngrok.EdgeModulesHttpsEdgeTlsTermination
local EdgeModulesHttpsEdgeTlsTermination = {}

---Deletes: `DELETE /edges/https/{id}/tls_termination`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeTlsTermination:delete(id, options) end

---Reads: `GET /edges/https/{id}/tls_termination`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeTlsTermination?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeTlsTermination:get(id, options) end

---Replaces: `PUT /edges/https/{id}/tls_termination`
---@param id string|ngrok.Resource
---@param attributes ngrok.HttpsEdgeTlsTerminationReplace
---@param options? ngrok.CallOptions
---@return ngrok.HttpsEdgeTlsTermination?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesHttpsEdgeTlsTermination:replace(id, attributes, options) end

---@class ngrok.EdgeModules
---@field https_edge_tls_termination ngrok.EdgeModulesHttpsEdgeTlsTermination

---Where the traffic of a TCP edge goes. Its fields cannot be assigned.
---@class ngrok.TcpEdgeBackend: ngrok.Resource
---@field enabled? boolean whether it is on
---@field backend? ngrok.Ref
local TcpEdgeBackend = {}

---Deletes: `DELETE /edges/tcp/{id}/backend`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TcpEdgeBackend:delete(options) end

---Reads: `GET /edges/tcp/{id}/backend`
---@param options? ngrok.CallOptions
---@return ngrok.TcpEdgeBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TcpEdgeBackend:reload(options) end

---Replaces: `PUT /edges/tcp/{id}/backend`
---@param attributes ngrok.TcpEdgeBackendReplace
---@param options? ngrok.CallOptions
---@return ngrok.TcpEdgeBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TcpEdgeBackend:replace(attributes, options) end

---What `edge_modules.tcp_edge_backend.replace` takes.
---@class ngrok.TcpEdgeBackendReplace
---@field enabled? boolean whether it is on
---@field backend_id? string|ngrok.Resource

---@class ngrok.TcpEdgeBackendListing: ngrok.Listing
---@field next fun(self): ngrok.TcpEdgeBackend?, ngrok.Error?
---@field all fun(self): ngrok.TcpEdgeBackend[]?, ngrok.Error?
---@overload fun(): ngrok.TcpEdgeBackend?

---@class ngrok.EdgeModulesTcpEdgeBackend
local EdgeModulesTcpEdgeBackend = {}

---Deletes: `DELETE /edges/tcp/{id}/backend`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTcpEdgeBackend:delete(id, options) end

---Reads: `GET /edges/tcp/{id}/backend`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.TcpEdgeBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTcpEdgeBackend:get(id, options) end

---Replaces: `PUT /edges/tcp/{id}/backend`
---@param id string|ngrok.Resource
---@param attributes ngrok.TcpEdgeBackendReplace
---@param options? ngrok.CallOptions
---@return ngrok.TcpEdgeBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTcpEdgeBackend:replace(id, attributes, options) end

---@class ngrok.EdgeModules
---@field tcp_edge_backend ngrok.EdgeModulesTcpEdgeBackend

---The IP policies that say from where a TCP edge can be reached. Its fields cannot be assigned.
---@class ngrok.TcpEdgeIpRestriction: ngrok.Resource
---@field enabled? boolean whether it is on
---@field ip_policies ngrok.Ref[]
local TcpEdgeIpRestriction = {}

---Deletes: `DELETE /edges/tcp/{id}/ip_restriction`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TcpEdgeIpRestriction:delete(options) end

---Reads: `GET /edges/tcp/{id}/ip_restriction`
---@param options? ngrok.CallOptions
---@return ngrok.TcpEdgeIpRestriction?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TcpEdgeIpRestriction:reload(options) end

---Replaces: `PUT /edges/tcp/{id}/ip_restriction`
---@param attributes ngrok.TcpEdgeIpRestrictionReplace
---@param options? ngrok.CallOptions
---@return ngrok.TcpEdgeIpRestriction?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TcpEdgeIpRestriction:replace(attributes, options) end

---What `edge_modules.tcp_edge_ip_restriction.replace` takes.
---@class ngrok.TcpEdgeIpRestrictionReplace
---@field enabled? boolean whether it is on
---@field ip_policy_ids? (string|ngrok.Resource)[]

---@class ngrok.TcpEdgeIpRestrictionListing: ngrok.Listing
---@field next fun(self): ngrok.TcpEdgeIpRestriction?, ngrok.Error?
---@field all fun(self): ngrok.TcpEdgeIpRestriction[]?, ngrok.Error?
---@overload fun(): ngrok.TcpEdgeIpRestriction?

---@class ngrok.EdgeModulesTcpEdgeIpRestriction
local EdgeModulesTcpEdgeIpRestriction = {}

---Deletes: `DELETE /edges/tcp/{id}/ip_restriction`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTcpEdgeIpRestriction:delete(id, options) end

---Reads: `GET /edges/tcp/{id}/ip_restriction`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.TcpEdgeIpRestriction?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTcpEdgeIpRestriction:get(id, options) end

---Replaces: `PUT /edges/tcp/{id}/ip_restriction`
---@param id string|ngrok.Resource
---@param attributes ngrok.TcpEdgeIpRestrictionReplace
---@param options? ngrok.CallOptions
---@return ngrok.TcpEdgeIpRestriction?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTcpEdgeIpRestriction:replace(id, attributes, options) end

---@class ngrok.EdgeModules
---@field tcp_edge_ip_restriction ngrok.EdgeModulesTcpEdgeIpRestriction

---The traffic policy of a TCP edge. Its fields cannot be assigned.
---@class ngrok.TcpEdgeTrafficPolicy: ngrok.Resource
---@field enabled? boolean whether it is on
---@field value? string the policy, as JSON or YAML; secret
local TcpEdgeTrafficPolicy = {}

---Deletes: `DELETE /edges/tcp/{id}/traffic_policy`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TcpEdgeTrafficPolicy:delete(options) end

---Reads: `GET /edges/tcp/{id}/traffic_policy`
---@param options? ngrok.CallOptions
---@return ngrok.TcpEdgeTrafficPolicy?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TcpEdgeTrafficPolicy:reload(options) end

---Replaces: `PUT /edges/tcp/{id}/traffic_policy`
---@param attributes ngrok.TcpEdgeTrafficPolicyReplace
---@param options? ngrok.CallOptions
---@return ngrok.TcpEdgeTrafficPolicy?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TcpEdgeTrafficPolicy:replace(attributes, options) end

---What `edge_modules.tcp_edge_traffic_policy.replace` takes.
---@class ngrok.TcpEdgeTrafficPolicyReplace
---@field enabled? boolean whether it is on
---@field value? string the policy, as JSON or YAML; secret

---@class ngrok.TcpEdgeTrafficPolicyListing: ngrok.Listing
---@field next fun(self): ngrok.TcpEdgeTrafficPolicy?, ngrok.Error?
---@field all fun(self): ngrok.TcpEdgeTrafficPolicy[]?, ngrok.Error?
---@overload fun(): ngrok.TcpEdgeTrafficPolicy?

---@class ngrok.EdgeModulesTcpEdgeTrafficPolicy
local EdgeModulesTcpEdgeTrafficPolicy = {}

---Deletes: `DELETE /edges/tcp/{id}/traffic_policy`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTcpEdgeTrafficPolicy:delete(id, options) end

---Reads: `GET /edges/tcp/{id}/traffic_policy`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.TcpEdgeTrafficPolicy?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTcpEdgeTrafficPolicy:get(id, options) end

---Replaces: `PUT /edges/tcp/{id}/traffic_policy`
---@param id string|ngrok.Resource
---@param attributes ngrok.TcpEdgeTrafficPolicyReplace
---@param options? ngrok.CallOptions
---@return ngrok.TcpEdgeTrafficPolicy?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTcpEdgeTrafficPolicy:replace(id, attributes, options) end

---@class ngrok.EdgeModules
---@field tcp_edge_traffic_policy ngrok.EdgeModulesTcpEdgeTrafficPolicy

---Where the traffic of a TLS edge goes. Its fields cannot be assigned.
---@class ngrok.TlsEdgeBackend: ngrok.Resource
---@field enabled? boolean whether it is on
---@field backend? ngrok.Ref
local TlsEdgeBackend = {}

---Deletes: `DELETE /edges/tls/{id}/backend`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsEdgeBackend:delete(options) end

---Reads: `GET /edges/tls/{id}/backend`
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsEdgeBackend:reload(options) end

---Replaces: `PUT /edges/tls/{id}/backend`
---@param attributes ngrok.TlsEdgeBackendReplace
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsEdgeBackend:replace(attributes, options) end

---What `edge_modules.tls_edge_backend.replace` takes.
---@class ngrok.TlsEdgeBackendReplace
---@field enabled? boolean whether it is on
---@field backend_id? string|ngrok.Resource

---@class ngrok.TlsEdgeBackendListing: ngrok.Listing
---@field next fun(self): ngrok.TlsEdgeBackend?, ngrok.Error?
---@field all fun(self): ngrok.TlsEdgeBackend[]?, ngrok.Error?
---@overload fun(): ngrok.TlsEdgeBackend?

---@class ngrok.EdgeModulesTlsEdgeBackend
local EdgeModulesTlsEdgeBackend = {}

---Deletes: `DELETE /edges/tls/{id}/backend`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTlsEdgeBackend:delete(id, options) end

---Reads: `GET /edges/tls/{id}/backend`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTlsEdgeBackend:get(id, options) end

---Replaces: `PUT /edges/tls/{id}/backend`
---@param id string|ngrok.Resource
---@param attributes ngrok.TlsEdgeBackendReplace
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTlsEdgeBackend:replace(id, attributes, options) end

---@class ngrok.EdgeModules
---@field tls_edge_backend ngrok.EdgeModulesTlsEdgeBackend

---The IP policies that say from where a TLS edge can be reached. Its fields cannot be assigned.
---@class ngrok.TlsEdgeIpRestriction: ngrok.Resource
---@field enabled? boolean whether it is on
---@field ip_policies ngrok.Ref[]
local TlsEdgeIpRestriction = {}

---Deletes: `DELETE /edges/tls/{id}/ip_restriction`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsEdgeIpRestriction:delete(options) end

---Reads: `GET /edges/tls/{id}/ip_restriction`
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeIpRestriction?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsEdgeIpRestriction:reload(options) end

---Replaces: `PUT /edges/tls/{id}/ip_restriction`
---@param attributes ngrok.TlsEdgeIpRestrictionReplace
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeIpRestriction?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsEdgeIpRestriction:replace(attributes, options) end

---What `edge_modules.tls_edge_ip_restriction.replace` takes.
---@class ngrok.TlsEdgeIpRestrictionReplace
---@field enabled? boolean whether it is on
---@field ip_policy_ids? (string|ngrok.Resource)[]

---@class ngrok.TlsEdgeIpRestrictionListing: ngrok.Listing
---@field next fun(self): ngrok.TlsEdgeIpRestriction?, ngrok.Error?
---@field all fun(self): ngrok.TlsEdgeIpRestriction[]?, ngrok.Error?
---@overload fun(): ngrok.TlsEdgeIpRestriction?

---@class ngrok.EdgeModulesTlsEdgeIpRestriction
local EdgeModulesTlsEdgeIpRestriction = {}

---Deletes: `DELETE /edges/tls/{id}/ip_restriction`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTlsEdgeIpRestriction:delete(id, options) end

---Reads: `GET /edges/tls/{id}/ip_restriction`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeIpRestriction?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTlsEdgeIpRestriction:get(id, options) end

---Replaces: `PUT /edges/tls/{id}/ip_restriction`
---@param id string|ngrok.Resource
---@param attributes ngrok.TlsEdgeIpRestrictionReplace
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeIpRestriction?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTlsEdgeIpRestriction:replace(id, attributes, options) end

---@class ngrok.EdgeModules
---@field tls_edge_ip_restriction ngrok.EdgeModulesTlsEdgeIpRestriction

---The authorities whose client certificates a TLS edge accepts. Its fields cannot be assigned.
---@class ngrok.TlsEdgeMutualTls: ngrok.Resource
---@field enabled? boolean whether it is on
---@field certificate_authorities ngrok.Ref[]
local TlsEdgeMutualTls = {}

---Deletes: `DELETE /edges/tls/{id}/mutual_tls`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsEdgeMutualTls:delete(options) end

---Reads: `GET /edges/tls/{id}/mutual_tls`
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeMutualTls?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsEdgeMutualTls:reload(options) end

---Replaces: `PUT /edges/tls/{id}/mutual_tls`
---@param attributes ngrok.TlsEdgeMutualTlsReplace
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeMutualTls?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsEdgeMutualTls:replace(attributes, options) end

---What `edge_modules.tls_edge_mutual_tls.replace` takes.
---@class ngrok.TlsEdgeMutualTlsReplace
---@field enabled? boolean whether it is on
---@field certificate_authority_ids? (string|ngrok.Resource)[] whose client certificates are accepted

---@class ngrok.TlsEdgeMutualTlsListing: ngrok.Listing
---@field next fun(self): ngrok.TlsEdgeMutualTls?, ngrok.Error?
---@field all fun(self): ngrok.TlsEdgeMutualTls[]?, ngrok.Error?
---@overload fun(): ngrok.TlsEdgeMutualTls?

---@class ngrok.EdgeModulesTlsEdgeMutualTls
local EdgeModulesTlsEdgeMutualTls = {}

---Deletes: `DELETE /edges/tls/{id}/mutual_tls`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTlsEdgeMutualTls:delete(id, options) end

---Reads: `GET /edges/tls/{id}/mutual_tls`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeMutualTls?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTlsEdgeMutualTls:get(id, options) end

---Replaces: `PUT /edges/tls/{id}/mutual_tls`
---@param id string|ngrok.Resource
---@param attributes ngrok.TlsEdgeMutualTlsReplace
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeMutualTls?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTlsEdgeMutualTls:replace(id, attributes, options) end

---@class ngrok.EdgeModules
---@field tls_edge_mutual_tls ngrok.EdgeModulesTlsEdgeMutualTls

---Where TLS connections of a TLS edge end, and the oldest version that it accepts. Its fields cannot be assigned.
---@class ngrok.TlsEdgeTlsTermination: ngrok.Resource
---@field enabled? boolean whether it is on
---@field terminate_at? string "edge" or "upstream"
---@field min_version? string of TLS: "1.0", "1.1", "1.2" or "1.3"
local TlsEdgeTlsTermination = {}

---Deletes: `DELETE /edges/tls/{id}/tls_termination`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsEdgeTlsTermination:delete(options) end

---Reads: `GET /edges/tls/{id}/tls_termination`
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeTlsTermination?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsEdgeTlsTermination:reload(options) end

---Replaces: `PUT /edges/tls/{id}/tls_termination`
---@param attributes ngrok.TlsEdgeTlsTerminationReplace
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeTlsTermination?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsEdgeTlsTermination:replace(attributes, options) end

---What `edge_modules.tls_edge_tls_termination.replace` takes.
---@class ngrok.TlsEdgeTlsTerminationReplace
---@field enabled? boolean whether it is on
---@field terminate_at? string "edge" or "upstream"
---@field min_version? string of TLS: "1.0", "1.1", "1.2" or "1.3"

---@class ngrok.TlsEdgeTlsTerminationListing: ngrok.Listing
---@field next fun(self): ngrok.TlsEdgeTlsTermination?, ngrok.Error?
---@field all fun(self): ngrok.TlsEdgeTlsTermination[]?, ngrok.Error?
---@overload fun(): ngrok.TlsEdgeTlsTermination?

---@class ngrok.EdgeModulesTlsEdgeTlsTermination
local EdgeModulesTlsEdgeTlsTermination = {}

---Deletes: `DELETE /edges/tls/{id}/tls_termination`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTlsEdgeTlsTermination:delete(id, options) end

---Reads: `GET /edges/tls/{id}/tls_termination`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeTlsTermination?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTlsEdgeTlsTermination:get(id, options) end

---Replaces: `PUT /edges/tls/{id}/tls_termination`
---@param id string|ngrok.Resource
---@param attributes ngrok.TlsEdgeTlsTerminationReplace
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeTlsTermination?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTlsEdgeTlsTermination:replace(id, attributes, options) end

---@class ngrok.EdgeModules
---@field tls_edge_tls_termination ngrok.EdgeModulesTlsEdgeTlsTermination

---The traffic policy of a TLS edge. Its fields cannot be assigned.
---@class ngrok.TlsEdgeTrafficPolicy: ngrok.Resource
---@field enabled? boolean whether it is on
---@field value? string the policy, as JSON or YAML; secret
local TlsEdgeTrafficPolicy = {}

---Deletes: `DELETE /edges/tls/{id}/traffic_policy`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsEdgeTrafficPolicy:delete(options) end

---Reads: `GET /edges/tls/{id}/traffic_policy`
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeTrafficPolicy?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsEdgeTrafficPolicy:reload(options) end

---Replaces: `PUT /edges/tls/{id}/traffic_policy`
---@param attributes ngrok.TlsEdgeTrafficPolicyReplace
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeTrafficPolicy?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsEdgeTrafficPolicy:replace(attributes, options) end

---What `edge_modules.tls_edge_traffic_policy.replace` takes.
---@class ngrok.TlsEdgeTrafficPolicyReplace
---@field enabled? boolean whether it is on
---@field value? string the policy, as JSON or YAML; secret

---@class ngrok.TlsEdgeTrafficPolicyListing: ngrok.Listing
---@field next fun(self): ngrok.TlsEdgeTrafficPolicy?, ngrok.Error?
---@field all fun(self): ngrok.TlsEdgeTrafficPolicy[]?, ngrok.Error?
---@overload fun(): ngrok.TlsEdgeTrafficPolicy?

---@class ngrok.EdgeModulesTlsEdgeTrafficPolicy
local EdgeModulesTlsEdgeTrafficPolicy = {}

---Deletes: `DELETE /edges/tls/{id}/traffic_policy`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTlsEdgeTrafficPolicy:delete(id, options) end

---Reads: `GET /edges/tls/{id}/traffic_policy`
---@param id string|ngrok.Resource
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeTrafficPolicy?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTlsEdgeTrafficPolicy:get(id, options) end

---Replaces: `PUT /edges/tls/{id}/traffic_policy`
---@param id string|ngrok.Resource
---@param attributes ngrok.TlsEdgeTrafficPolicyReplace
---@param options? ngrok.CallOptions
---@return ngrok.TlsEdgeTrafficPolicy?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EdgeModulesTlsEdgeTrafficPolicy:replace(id, attributes, options) end

---@class ngrok.EdgeModules
---@field tls_edge_traffic_policy ngrok.EdgeModulesTlsEdgeTrafficPolicy
