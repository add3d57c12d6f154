---@meta
-- `make generate` writes this file, from lua/ngrok/api/kubernetes_operators.lua.

---A Kubernetes cluster in which the ngrok operator runs. Its fields cannot be assigned.
---@class ngrok.KubernetesOperator: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field updated_at? string when it was changed last, RFC 3339
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field principal? ngrok.Ref the user whose API key registered it
---@field enabled_features string[] "ingress", "gateway", "bindings"
---@field region? string of ngrok that it connects to; "global" for the nearest
---@field deployment? ngrok.KubernetesOperatorDeployment
---@field binding? ngrok.KubernetesOperatorBinding for endpoints of the account that the cluster may reach
local KubernetesOperator = {}

---Deletes: `DELETE /kubernetes_operators/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function KubernetesOperator:delete(options) end

---Reads: `GET /kubernetes_operators/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.KubernetesOperator?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function KubernetesOperator:reload(options) end

---Lists the endpoints that are bound to the operator: `GET /kubernetes_operators/{id}/bound_endpoints`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.EndpointListing
function KubernetesOperator:get_bound_endpoints(query, options) end

---Changes: `PATCH /kubernetes_operators/{id}`
---@param attributes ngrok.KubernetesOperatorUpdate
---@param options? ngrok.CallOptions
---@return ngrok.KubernetesOperator?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function KubernetesOperator:update(attributes, options) end

KubernetesOperator.created = require "ngrok.created"

---@class ngrok.KubernetesOperatorBinding
---@field endpoint_selectors? string[] CEL expressions; endpoints that match one are bound
---@field cert? ngrok.KubernetesOperatorCertificate with which the operator connects to the ingress endpoint
---@field ingress_endpoint? string "host:port" where the cluster sends traffic for bound endpoints

---@class ngrok.KubernetesOperatorBindingAttributes
---@field endpoint_selectors? string[] CEL expressions; endpoints that match one are bound
---@field csr? string a request for a certificate, PEM
---@field ingress_endpoint? string "host:port" where the cluster sends traffic for bound endpoints

---@class ngrok.KubernetesOperatorCertificate
---@field cert? string PEM
---@field not_before? string valid from
---@field not_after? string valid until

---@class ngrok.KubernetesOperatorDeployment
---@field name? string
---@field namespace? string
---@field version? string
---@field cluster_name? string

---@class ngrok.KubernetesOperatorDeploymentUpdate
---@field name? string
---@field version? string

---What `kubernetes_operators.create` takes.
---@class ngrok.KubernetesOperatorCreate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field enabled_features? string[] "ingress", "gateway", "bindings"
---@field region? string of ngrok that it connects to; "global" for the nearest
---@field deployment? ngrok.KubernetesOperatorDeployment
---@field binding? ngrok.KubernetesOperatorBindingAttributes for endpoints of the account that the cluster may reach

---What `kubernetes_operators.update` takes.
---@class ngrok.KubernetesOperatorUpdate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field enabled_features? string[] "ingress", "gateway", "bindings"
---@field region? string of ngrok that it connects to; "global" for the nearest
---@field binding? ngrok.KubernetesOperatorBindingAttributes for endpoints of the account that the cluster may reach
---@field deployment? ngrok.KubernetesOperatorDeploymentUpdate

---@class ngrok.KubernetesOperatorListing: ngrok.Listing
---@field next fun(self): ngrok.KubernetesOperator?, ngrok.Error?
---@field all fun(self): ngrok.KubernetesOperator[]?, ngrok.Error?
---@overload fun(): ngrok.KubernetesOperator?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.KubernetesOperatorMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field updated_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field enabled_features? string|string[]
---@field region? string|string[]

---@class ngrok.KubernetesOperators
local KubernetesOperators = {}

---Creates: `POST /kubernetes_operators`
---@param attributes? ngrok.KubernetesOperatorCreate
---@param options? ngrok.CallOptions
---@return ngrok.KubernetesOperator?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function KubernetesOperators:create(attributes, options) end

---Deletes: `DELETE /kubernetes_operators/{id}`
---@param id string|ngrok.KubernetesOperator
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function KubernetesOperators:delete(id, options) end

---Reads: `GET /kubernetes_operators/{id}`
---@param id string|ngrok.KubernetesOperator
---@param options? ngrok.CallOptions
---@return ngrok.KubernetesOperator?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function KubernetesOperators:get(id, options) end

---Lists the endpoints that are bound to the operator: `GET /kubernetes_operators/{id}/bound_endpoints`
---@param id string|ngrok.KubernetesOperator
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.EndpointListing
function KubernetesOperators:get_bound_endpoints(id, query, options) end

---Lists, newest first: `GET /kubernetes_operators`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.KubernetesOperatorListing
function KubernetesOperators:list(query, options) end

---Changes: `PATCH /kubernetes_operators/{id}`
---@param id string|ngrok.KubernetesOperator
---@param attributes ngrok.KubernetesOperatorUpdate
---@param options? ngrok.CallOptions
---@return ngrok.KubernetesOperator?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function KubernetesOperators:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.KubernetesOperatorMatch
---@param options? ngrok.FindOptions
---@return ngrok.KubernetesOperator?
---@return ngrok.Error?
function KubernetesOperators:find(match, options) end

---All that match, newest first.
---@param match ngrok.KubernetesOperatorMatch
---@param options? ngrok.FindOptions
---@return ngrok.KubernetesOperator[]?
---@return ngrok.Error?
function KubernetesOperators:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.KubernetesOperator?
---@return (ngrok.Response|ngrok.Error)?
function KubernetesOperators:find_or_create(match, options) end

---@class ngrok.Client
---@field kubernetes_operators ngrok.KubernetesOperators
