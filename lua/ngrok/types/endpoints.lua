---@meta
-- `make generate` writes this file, from lua/ngrok/api/endpoints.lua.

---An endpoint: a URL that receives traffic, and the policy by which ngrok handles it. Its fields cannot be assigned.
---@class ngrok.Endpoint: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field updated_at? string when it was changed last, RFC 3339
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field region? string of ngrok; "global" for all
---@field public_url? string the older name of url
---@field proto? string "http", "https", "tcp" or "tls"
---@field scheme? string of the URL
---@field hostport? string "host:port" of the URL
---@field host? string of the URL
---@field port? integer of the URL
---@field type? string "cloud" where this API creates it; else "ephemeral" (of an agent) or "edge"
---@field domain? ngrok.Ref the reserved domain, if the URL has one
---@field tcp_addr? ngrok.Ref the reserved address, if the URL has one
---@field tunnel? ngrok.Ref of an agent
---@field edge? ngrok.Ref of an edge
---@field upstream_url? string where the agent forwards to
---@field upstream_protocol? string that the agent speaks to it: "http1" or "http2"
---@field url? string "https://app.example.com", "tcp://1.tcp.ngrok.io:20002", …
---@field principal? ngrok.Ref the user whose credential started it
---@field traffic_policy? string what happens to its traffic, as JSON or YAML; secret
---@field bindings string[] from where it can be reached: "public", "internal" or "kubernetes"
---@field tunnel_session? ngrok.Ref of the agent
---@field name? string that the agent gave it
---@field pooling_enabled? boolean whether other endpoints may have the same URL and share its traffic
local Endpoint = {}

---Deletes: `DELETE /endpoints/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Endpoint:delete(options) end

---Reads: `GET /endpoints/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.Endpoint?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Endpoint:reload(options) end

---Changes: `PATCH /endpoints/{id}`
---@param attributes ngrok.EndpointUpdate
---@param options? ngrok.CallOptions
---@return ngrok.Endpoint?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Endpoint:update(attributes, options) end

Endpoint.created = require "ngrok.created"

---What `endpoints.create` takes.
---@class ngrok.EndpointCreate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field type string "cloud" where this API creates it; else "ephemeral" (of an agent) or "edge"
---@field url string "https://app.example.com", "tcp://1.tcp.ngrok.io:20002", …
---@field traffic_policy string what happens to its traffic, as JSON or YAML; secret
---@field bindings? string[] from where it can be reached: "public", "internal" or "kubernetes"
---@field pooling_enabled? boolean whether other endpoints may have the same URL and share its traffic

---What `endpoints.update` takes.
---@class ngrok.EndpointUpdate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field url? string "https://app.example.com", "tcp://1.tcp.ngrok.io:20002", …
---@field traffic_policy? string what happens to its traffic, as JSON or YAML; secret
---@field bindings? string[] from where it can be reached: "public", "internal" or "kubernetes"
---@field pooling_enabled? boolean whether other endpoints may have the same URL and share its traffic

---@class ngrok.EndpointListing: ngrok.Listing
---@field next fun(self): ngrok.Endpoint?, ngrok.Error?
---@field all fun(self): ngrok.Endpoint[]?, ngrok.Error?
---@overload fun(): ngrok.Endpoint?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.EndpointMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field updated_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field region? string|string[]
---@field public_url? string|string[]
---@field proto? string|string[]
---@field scheme? string|string[]
---@field hostport? string|string[]
---@field host? string|string[]
---@field port? number|number[]
---@field type? string|string[]
---@field upstream_url? string|string[]
---@field upstream_protocol? string|string[]
---@field url? string|string[]
---@field bindings? string|string[]
---@field name? string|string[]
---@field pooling_enabled? boolean|boolean[]

---@class ngrok.Endpoints
local Endpoints = {}

---Creates: `POST /endpoints`
---@param attributes? ngrok.EndpointCreate
---@param options? ngrok.CallOptions
---@return ngrok.Endpoint?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Endpoints:create(attributes, options) end

---Deletes: `DELETE /endpoints/{id}`
---@param id string|ngrok.Endpoint
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Endpoints:delete(id, options) end

---Reads: `GET /endpoints/{id}`
---@param id string|ngrok.Endpoint
---@param options? ngrok.CallOptions
---@return ngrok.Endpoint?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Endpoints:get(id, options) end

---Lists, newest first: `GET /endpoints`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.EndpointListing
function Endpoints:list(query, options) end

---Changes: `PATCH /endpoints/{id}`
---@param id string|ngrok.Endpoint
---@param attributes ngrok.EndpointUpdate
---@param options? ngrok.CallOptions
---@return ngrok.Endpoint?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Endpoints:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.EndpointMatch
---@param options? ngrok.FindOptions
---@return ngrok.Endpoint?
---@return ngrok.Error?
function Endpoints:find(match, options) end

---All that match, newest first.
---@param match ngrok.EndpointMatch
---@param options? ngrok.FindOptions
---@return ngrok.Endpoint[]?
---@return ngrok.Error?
function Endpoints:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.Endpoint?
---@return (ngrok.Response|ngrok.Error)?
function Endpoints:find_or_create(match, options) end

---@class ngrok.Client
---@field endpoints ngrok.Endpoints
