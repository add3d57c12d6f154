---@meta
-- `make generate` writes this file, from lua/ngrok/api/backends.lua.

---@class ngrok.Client
---@field backends ngrok.Backends

---A backend that tries other backends in order until one is up. Its fields cannot be assigned.
---@class ngrok.FailoverBackend: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field backends string[] ids of backends, the preferred first
local FailoverBackend = {}

---Deletes: `DELETE /backends/failover/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function FailoverBackend:delete(options) end

---Reads: `GET /backends/failover/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.FailoverBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function FailoverBackend:reload(options) end

---Changes: `PATCH /backends/failover/{id}`
---@param attributes ngrok.FailoverBackendUpdate
---@param options? ngrok.CallOptions
---@return ngrok.FailoverBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function FailoverBackend:update(attributes, options) end

FailoverBackend.created = require "ngrok.created"

---What `backends.failover.create` takes.
---@class ngrok.FailoverBackendCreate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field backends? string[] ids of backends, the preferred first

---What `backends.failover.update` takes.
---@class ngrok.FailoverBackendUpdate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field backends? string[] ids of backends, the preferred first

---@class ngrok.FailoverBackendListing: ngrok.Listing
---@field next fun(self): ngrok.FailoverBackend?, ngrok.Error?
---@field all fun(self): ngrok.FailoverBackend[]?, ngrok.Error?
---@overload fun(): ngrok.FailoverBackend?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.FailoverBackendMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field backends? string|string[]

---@class ngrok.BackendsFailover
local BackendsFailover = {}

---Creates: `POST /backends/failover`
---@param attributes? ngrok.FailoverBackendCreate
---@param options? ngrok.CallOptions
---@return ngrok.FailoverBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsFailover:create(attributes, options) end

---Deletes: `DELETE /backends/failover/{id}`
---@param id string|ngrok.FailoverBackend
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsFailover:delete(id, options) end

---Reads: `GET /backends/failover/{id}`
---@param id string|ngrok.FailoverBackend
---@param options? ngrok.CallOptions
---@return ngrok.FailoverBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsFailover:get(id, options) end

---Lists, newest first: `GET /backends/failover`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.FailoverBackendListing
function BackendsFailover:list(query, options) end

---Changes: `PATCH /backends/failover/{id}`
---@param id string|ngrok.FailoverBackend
---@param attributes ngrok.FailoverBackendUpdate
---@param options? ngrok.CallOptions
---@return ngrok.FailoverBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsFailover:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.FailoverBackendMatch
---@param options? ngrok.FindOptions
---@return ngrok.FailoverBackend?
---@return ngrok.Error?
function BackendsFailover:find(match, options) end

---All that match, newest first.
---@param match ngrok.FailoverBackendMatch
---@param options? ngrok.FindOptions
---@return ngrok.FailoverBackend[]?
---@return ngrok.Error?
function BackendsFailover:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.FailoverBackend?
---@return (ngrok.Response|ngrok.Error)?
function BackendsFailover:find_or_create(match, options) end

---@class ngrok.Backends
---@field failover ngrok.BackendsFailover

---A backend that gives a fixed HTTP response. Its fields cannot be assigned.
---@class ngrok.HttpResponseBackend: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field body? string of the response
---@field headers? table<string, string> of the response
---@field status_code? integer of the response; 200 unless given
local HttpResponseBackend = {}

---Deletes: `DELETE /backends/http_response/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpResponseBackend:delete(options) end

---Reads: `GET /backends/http_response/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.HttpResponseBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpResponseBackend:reload(options) end

---Changes: `PATCH /backends/http_response/{id}`
---@param attributes ngrok.HttpResponseBackendUpdate
---@param options? ngrok.CallOptions
---@return ngrok.HttpResponseBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function HttpResponseBackend:update(attributes, options) end

HttpResponseBackend.created = require "ngrok.created"

---What `backends.http_response.create` takes.
---@class ngrok.HttpResponseBackendCreate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field body? string of the response
---@field headers? table<string, string> of the response
---@field status_code? integer of the response; 200 unless given

---What `backends.http_response.update` takes.
---@class ngrok.HttpResponseBackendUpdate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field body? string of the response
---@field headers? table<string, string> of the response
---@field status_code? integer of the response; 200 unless given

---@class ngrok.HttpResponseBackendListing: ngrok.Listing
---@field next fun(self): ngrok.HttpResponseBackend?, ngrok.Error?
---@field all fun(self): ngrok.HttpResponseBackend[]?, ngrok.Error?
---@overload fun(): ngrok.HttpResponseBackend?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.HttpResponseBackendMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field body? string|string[]
---@field status_code? number|number[]

---@class ngrok.BackendsHttpResponse
local BackendsHttpResponse = {}

---Creates: `POST /backends/http_response`
---@param attributes? ngrok.HttpResponseBackendCreate
---@param options? ngrok.CallOptions
---@return ngrok.HttpResponseBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsHttpResponse:create(attributes, options) end

---Deletes: `DELETE /backends/http_response/{id}`
---@param id string|ngrok.HttpResponseBackend
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsHttpResponse:delete(id, options) end

---Reads: `GET /backends/http_response/{id}`
---@param id string|ngrok.HttpResponseBackend
---@param options? ngrok.CallOptions
---@return ngrok.HttpResponseBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsHttpResponse:get(id, options) end

---Lists, newest first: `GET /backends/http_response`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.HttpResponseBackendListing
function BackendsHttpResponse:list(query, options) end

---Changes: `PATCH /backends/http_response/{id}`
---@param id string|ngrok.HttpResponseBackend
---@param attributes ngrok.HttpResponseBackendUpdate
---@param options? ngrok.CallOptions
---@return ngrok.HttpResponseBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsHttpResponse:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.HttpResponseBackendMatch
---@param options? ngrok.FindOptions
---@return ngrok.HttpResponseBackend?
---@return ngrok.Error?
function BackendsHttpResponse:find(match, options) end

---All that match, newest first.
---@param match ngrok.HttpResponseBackendMatch
---@param options? ngrok.FindOptions
---@return ngrok.HttpResponseBackend[]?
---@return ngrok.Error?
function BackendsHttpResponse:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.HttpResponseBackend?
---@return (ngrok.Response|ngrok.Error)?
function BackendsHttpResponse:find_or_create(match, options) end

---@class ngrok.Backends
---@field http_response ngrok.BackendsHttpResponse

---A backend that forwards to an address on the internet. Its fields cannot be assigned.
---@class ngrok.StaticBackend: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field address? string host:port
---@field tls? ngrok.StaticBackendTls whether to speak TLS to it
local StaticBackend = {}

---Deletes: `DELETE /backends/static/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function StaticBackend:delete(options) end

---Reads: `GET /backends/static/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.StaticBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function StaticBackend:reload(options) end

---Changes: `PATCH /backends/static/{id}`
---@param attributes ngrok.StaticBackendUpdate
---@param options? ngrok.CallOptions
---@return ngrok.StaticBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function StaticBackend:update(attributes, options) end

StaticBackend.created = require "ngrok.created"

---@class ngrok.StaticBackendTls
---@field enabled? boolean whether it is on

---What `backends.static_address.create` takes.
---@class ngrok.StaticBackendCreate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field address? string host:port
---@field tls? ngrok.StaticBackendTls whether to speak TLS to it

---What `backends.static_address.update` takes.
---@class ngrok.StaticBackendUpdate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field address? string host:port
---@field tls? ngrok.StaticBackendTls whether to speak TLS to it

---@class ngrok.StaticBackendListing: ngrok.Listing
---@field next fun(self): ngrok.StaticBackend?, ngrok.Error?
---@field all fun(self): ngrok.StaticBackend[]?, ngrok.Error?
---@overload fun(): ngrok.StaticBackend?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.StaticBackendMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field address? string|string[]

---@class ngrok.BackendsStaticAddress
local BackendsStaticAddress = {}

---Creates: `POST /backends/static`
---@param attributes? ngrok.StaticBackendCreate
---@param options? ngrok.CallOptions
---@return ngrok.StaticBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsStaticAddress:create(attributes, options) end

---Deletes: `DELETE /backends/static/{id}`
---@param id string|ngrok.StaticBackend
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsStaticAddress:delete(id, options) end

---Reads: `GET /backends/static/{id}`
---@param id string|ngrok.StaticBackend
---@param options? ngrok.CallOptions
---@return ngrok.StaticBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsStaticAddress:get(id, options) end

---Lists, newest first: `GET /backends/static`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.StaticBackendListing
function BackendsStaticAddress:list(query, options) end

---Changes: `PATCH /backends/static/{id}`
---@param id string|ngrok.StaticBackend
---@param attributes ngrok.StaticBackendUpdate
---@param options? ngrok.CallOptions
---@return ngrok.StaticBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsStaticAddress:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.StaticBackendMatch
---@param options? ngrok.FindOptions
---@return ngrok.StaticBackend?
---@return ngrok.Error?
function BackendsStaticAddress:find(match, options) end

---All that match, newest first.
---@param match ngrok.StaticBackendMatch
---@param options? ngrok.FindOptions
---@return ngrok.StaticBackend[]?
---@return ngrok.Error?
function BackendsStaticAddress:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.StaticBackend?
---@return (ngrok.Response|ngrok.Error)?
function BackendsStaticAddress:find_or_create(match, options) end

---@class ngrok.Backends
---@field static_address ngrok.BackendsStaticAddress

---A backend that balances among the tunnels whose labels match. Its fields cannot be assigned.
---@class ngrok.TunnelGroupBackend: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field labels? table<string, string> what a tunnel must be labelled with to match
---@field tunnels ngrok.Ref[] those that match now
local TunnelGroupBackend = {}

---Deletes: `DELETE /backends/tunnel_group/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TunnelGroupBackend:delete(options) end

---Reads: `GET /backends/tunnel_group/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.TunnelGroupBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TunnelGroupBackend:reload(options) end

---Changes: `PATCH /backends/tunnel_group/{id}`
---@param attributes ngrok.TunnelGroupBackendUpdate
---@param options? ngrok.CallOptions
---@return ngrok.TunnelGroupBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TunnelGroupBackend:update(attributes, options) end

TunnelGroupBackend.created = require "ngrok.created"

---What `backends.tunnel_group.create` takes.
---@class ngrok.TunnelGroupBackendCreate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field labels? table<string, string> what a tunnel must be labelled with to match

---What `backends.tunnel_group.update` takes.
---@class ngrok.TunnelGroupBackendUpdate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field labels? table<string, string> what a tunnel must be labelled with to match

---@class ngrok.TunnelGroupBackendListing: ngrok.Listing
---@field next fun(self): ngrok.TunnelGroupBackend?, ngrok.Error?
---@field all fun(self): ngrok.TunnelGroupBackend[]?, ngrok.Error?
---@overload fun(): ngrok.TunnelGroupBackend?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.TunnelGroupBackendMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]

---@class ngrok.BackendsTunnelGroup
local BackendsTunnelGroup = {}

---Creates: `POST /backends/tunnel_group`
---@param attributes? ngrok.TunnelGroupBackendCreate
---@param options? ngrok.CallOptions
---@return ngrok.TunnelGroupBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsTunnelGroup:create(attributes, options) end

---Deletes: `DELETE /backends/tunnel_group/{id}`
---@param id string|ngrok.TunnelGroupBackend
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsTunnelGroup:delete(id, options) end

---Reads: `GET /backends/tunnel_group/{id}`
---@param id string|ngrok.TunnelGroupBackend
---@param options? ngrok.CallOptions
---@return ngrok.TunnelGroupBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsTunnelGroup:get(id, options) end

---Lists, newest first: `GET /backends/tunnel_group`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.TunnelGroupBackendListing
function BackendsTunnelGroup:list(query, options) end

---Changes: `PATCH /backends/tunnel_group/{id}`
---@param id string|ngrok.TunnelGroupBackend
---@param attributes ngrok.TunnelGroupBackendUpdate
---@param options? ngrok.CallOptions
---@return ngrok.TunnelGroupBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsTunnelGroup:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.TunnelGroupBackendMatch
---@param options? ngrok.FindOptions
---@return ngrok.TunnelGroupBackend?
---@return ngrok.Error?
function BackendsTunnelGroup:find(match, options) end

---All that match, newest first.
---@param match ngrok.TunnelGroupBackendMatch
---@param options? ngrok.FindOptions
---@return ngrok.TunnelGroupBackend[]?
---@return ngrok.Error?
function BackendsTunnelGroup:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.TunnelGroupBackend?
---@return (ngrok.Response|ngrok.Error)?
function BackendsTunnelGroup:find_or_create(match, options) end

---@class ngrok.Backends
---@field tunnel_group ngrok.BackendsTunnelGroup

---A backend that spreads traffic over other backends by weight. Its fields cannot be assigned.
---@class ngrok.WeightedBackend: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field backends? table<string, integer> by the id of a backend: its weight, 0 to 10000
local WeightedBackend = {}

---Deletes: `DELETE /backends/weighted/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function WeightedBackend:delete(options) end

---Reads: `GET /backends/weighted/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.WeightedBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function WeightedBackend:reload(options) end

---Changes: `PATCH /backends/weighted/{id}`
---@param attributes ngrok.WeightedBackendUpdate
---@param options? ngrok.CallOptions
---@return ngrok.WeightedBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function WeightedBackend:update(attributes, options) end

WeightedBackend.created = require "ngrok.created"

---What `backends.weighted.create` takes.
---@class ngrok.WeightedBackendCreate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field backends? table<string, integer> by the id of a backend: its weight, 0 to 10000

---What `backends.weighted.update` takes.
---@class ngrok.WeightedBackendUpdate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field backends? table<string, integer> by the id of a backend: its weight, 0 to 10000

---@class ngrok.WeightedBackendListing: ngrok.Listing
---@field next fun(self): ngrok.WeightedBackend?, ngrok.Error?
---@field all fun(self): ngrok.WeightedBackend[]?, ngrok.Error?
---@overload fun(): ngrok.WeightedBackend?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.WeightedBackendMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]

---@class ngrok.BackendsWeighted
local BackendsWeighted = {}

---Creates: `POST /backends/weighted`
---@param attributes? ngrok.WeightedBackendCreate
---@param options? ngrok.CallOptions
---@return ngrok.WeightedBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsWeighted:create(attributes, options) end

---Deletes: `DELETE /backends/weighted/{id}`
---@param id string|ngrok.WeightedBackend
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsWeighted:delete(id, options) end

---Reads: `GET /backends/weighted/{id}`
---@param id string|ngrok.WeightedBackend
---@param options? ngrok.CallOptions
---@return ngrok.WeightedBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsWeighted:get(id, options) end

---Lists, newest first: `GET /backends/weighted`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.WeightedBackendListing
function BackendsWeighted:list(query, options) end

---Changes: `PATCH /backends/weighted/{id}`
---@param id string|ngrok.WeightedBackend
---@param attributes ngrok.WeightedBackendUpdate
---@param options? ngrok.CallOptions
---@return ngrok.WeightedBackend?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BackendsWeighted:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.WeightedBackendMatch
---@param options? ngrok.FindOptions
---@return ngrok.WeightedBackend?
---@return ngrok.Error?
function BackendsWeighted:find(match, options) end

---All that match, newest first.
---@param match ngrok.WeightedBackendMatch
---@param options? ngrok.FindOptions
---@return ngrok.WeightedBackend[]?
---@return ngrok.Error?
function BackendsWeighted:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.WeightedBackend?
---@return (ngrok.Response|ngrok.Error)?
function BackendsWeighted:find_or_create(match, options) end

---@class ngrok.Backends
---@field weighted ngrok.BackendsWeighted
