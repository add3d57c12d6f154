---@meta
-- `make generate` writes this file, from lua/ngrok/api/agent_ingresses.lua.

---A domain of your own by which agents connect to ngrok, in place of connect.ngrok-agent.com. Its fields cannot be assigned.
---@class ngrok.AgentIngress: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field domain? string the domain that agents connect to; its name servers must be those of ns_targets
---@field ns_targets string[] DNS name servers for the domain
---@field region_domains string[] a subdomain for each region of ngrok
---@field certificate_management_policy? ngrok.AgentIngressCertificatePolicy how ngrok obtains and renews its certificate
---@field certificate_management_status? ngrok.AgentIngressCertificateStatus how far that is; absent without a policy
local AgentIngress = {}

---Deletes: `DELETE /agent_ingresses/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function AgentIngress:delete(options) end

---Reads: `GET /agent_ingresses/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.AgentIngress?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function AgentIngress:reload(options) end

---Changes: `PATCH /agent_ingresses/{id}`
---@param attributes ngrok.AgentIngressUpdate
---@param options? ngrok.CallOptions
---@return ngrok.AgentIngress?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function AgentIngress:update(attributes, options) end

AgentIngress.created = require "ngrok.created"

---@class ngrok.AgentIngressCertificateJob
---@field error_code? string why the last attempt failed
---@field msg? string what happens now, for people
---@field started_at? string when it began, RFC 3339
---@field retries_at? string when the next attempt begins

---@class ngrok.AgentIngressCertificatePolicy
---@field authority? string "letsencrypt"
---@field private_key_type? string "rsa" or "ecdsa"

---@class ngrok.AgentIngressCertificateStatus
---@field renews_at? string when the certificate will be renewed; absent until there is one
---@field provisioning_job? ngrok.AgentIngressCertificateJob the attempt to obtain the certificate that is under way, if any

---What `agent_ingresses.create` takes.
---@class ngrok.AgentIngressCreate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field domain string the domain that agents connect to; its name servers must be those of ns_targets
---@field certificate_management_policy? ngrok.AgentIngressCertificatePolicy how ngrok obtains and renews its certificate

---What `agent_ingresses.update` takes.
---@class ngrok.AgentIngressUpdate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field certificate_management_policy? ngrok.AgentIngressCertificatePolicy how ngrok obtains and renews its certificate

---@class ngrok.AgentIngressListing: ngrok.Listing
---@field next fun(self): ngrok.AgentIngress?, ngrok.Error?
---@field all fun(self): ngrok.AgentIngress[]?, ngrok.Error?
---@overload fun(): ngrok.AgentIngress?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.AgentIngressMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field domain? string|string[]
---@field ns_targets? string|string[]
---@field region_domains? string|string[]

---@class ngrok.AgentIngresses
local AgentIngresses = {}

---Creates: `POST /agent_ingresses`
---@param attributes? ngrok.AgentIngressCreate
---@param options? ngrok.CallOptions
---@return ngrok.AgentIngress?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function AgentIngresses:create(attributes, options) end

---Deletes: `DELETE /agent_ingresses/{id}`
---@param id string|ngrok.AgentIngress
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function AgentIngresses:delete(id, options) end

---Reads: `GET /agent_ingresses/{id}`
---@param id string|ngrok.AgentIngress
---@param options? ngrok.CallOptions
---@return ngrok.AgentIngress?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function AgentIngresses:get(id, options) end

---Lists, newest first: `GET /agent_ingresses`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.AgentIngressListing
function AgentIngresses:list(query, options) end

---Changes: `PATCH /agent_ingresses/{id}`
---@param id string|ngrok.AgentIngress
---@param attributes ngrok.AgentIngressUpdate
---@param options? ngrok.CallOptions
---@return ngrok.AgentIngress?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function AgentIngresses:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.AgentIngressMatch
---@param options? ngrok.FindOptions
---@return ngrok.AgentIngress?
---@return ngrok.Error?
function AgentIngresses:find(match, options) end

---All that match, newest first.
---@param match ngrok.AgentIngressMatch
---@param options? ngrok.FindOptions
---@return ngrok.AgentIngress[]?
---@return ngrok.Error?
function AgentIngresses:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.AgentIngress?
---@return (ngrok.Response|ngrok.Error)?
function AgentIngresses:find_or_create(match, options) end

---@class ngrok.Client
---@field agent_ingresses ngrok.AgentIngresses
