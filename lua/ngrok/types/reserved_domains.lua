---@meta
-- `make generate` writes this file, from lua/ngrok/api/reserved_domains.lua.

---A domain that only this account can listen on. Its fields cannot be assigned.
---@class ngrok.ReservedDomain: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field domain? string "app.example.com", "*.example.com" or a name below a domain of ngrok
---@field region? string has no effect any more
---@field cname_target? string for the CNAME record of your own domain
---@field certificate? ngrok.Ref
---@field certificate_management_policy? ngrok.ReservedDomainCertificatePolicy how ngrok obtains and renews its certificate
---@field certificate_management_status? ngrok.ReservedDomainCertificateStatus how far that is; absent without a policy
---@field acme_challenge_cname_target? string for the CNAME record by which ngrok obtains a wildcard domain's certificate
---@field resolves_to ngrok.ReservedDomainTarget[] regions of ngrok that its DNS records lead to; all unless given
local ReservedDomain = {}

---Deletes: `DELETE /reserved_domains/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ReservedDomain:delete(options) end

---Detaches its certificate: `DELETE /reserved_domains/{id}/certificate`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ReservedDomain:delete_certificate(options) end

---Stops the automatic management of its certificate: `DELETE /reserved_domains/{id}/certificate_management_policy`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ReservedDomain:delete_certificate_management_policy(options) end

---Reads: `GET /reserved_domains/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.ReservedDomain?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ReservedDomain:reload(options) end

---Changes: `PATCH /reserved_domains/{id}`
---@param attributes ngrok.ReservedDomainUpdate
---@param options? ngrok.CallOptions
---@return ngrok.ReservedDomain?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ReservedDomain:update(attributes, options) end

ReservedDomain.created = require "ngrok.created"

---@class ngrok.ReservedDomainCertificateJob
---@field error_code? string why the last attempt failed
---@field msg? string what happens now, for people
---@field started_at? string when it began, RFC 3339
---@field retries_at? string when the next attempt begins

---@class ngrok.ReservedDomainCertificatePolicy
---@field authority? string "letsencrypt"
---@field private_key_type? string "rsa" or "ecdsa"

---@class ngrok.ReservedDomainCertificateStatus
---@field renews_at? string when the certificate will be renewed; absent until there is one
---@field provisioning_job? ngrok.ReservedDomainCertificateJob the attempt to obtain the certificate that is under way, if any

---@class ngrok.ReservedDomainTarget
---@field value? string a region, or "global"

---What `reserved_domains.create` takes.
---@class ngrok.ReservedDomainCreate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field domain? string "app.example.com", "*.example.com" or a name below a domain of ngrok
---@field region? string has no effect any more
---@field certificate_management_policy? ngrok.ReservedDomainCertificatePolicy how ngrok obtains and renews its certificate
---@field resolves_to? ngrok.ReservedDomainTarget[] regions of ngrok that its DNS records lead to; all unless given
---@field certificate_id? string|ngrok.Resource a TLS certificate for the domain; not along with a policy

---What `reserved_domains.update` takes.
---@class ngrok.ReservedDomainUpdate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field certificate_management_policy? ngrok.ReservedDomainCertificatePolicy how ngrok obtains and renews its certificate
---@field resolves_to? ngrok.ReservedDomainTarget[] regions of ngrok that its DNS records lead to; all unless given
---@field certificate_id? string|ngrok.Resource a TLS certificate for the domain; not along with a policy

---@class ngrok.ReservedDomainListing: ngrok.Listing
---@field next fun(self): ngrok.ReservedDomain?, ngrok.Error?
---@field all fun(self): ngrok.ReservedDomain[]?, ngrok.Error?
---@overload fun(): ngrok.ReservedDomain?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.ReservedDomainMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field domain? string|string[]
---@field region? string|string[]
---@field cname_target? string|string[]
---@field acme_challenge_cname_target? string|string[]

---@class ngrok.ReservedDomains
local ReservedDomains = {}

---Creates: `POST /reserved_domains`
---@param attributes? ngrok.ReservedDomainCreate
---@param options? ngrok.CallOptions
---@return ngrok.ReservedDomain?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ReservedDomains:create(attributes, options) end

---Deletes: `DELETE /reserved_domains/{id}`
---@param id string|ngrok.ReservedDomain
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ReservedDomains:delete(id, options) end

---Detaches its certificate: `DELETE /reserved_domains/{id}/certificate`
---@param id string|ngrok.ReservedDomain
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ReservedDomains:delete_certificate(id, options) end

---Stops the automatic management of its certificate: `DELETE /reserved_domains/{id}/certificate_management_policy`
---@param id string|ngrok.ReservedDomain
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ReservedDomains:delete_certificate_management_policy(id, options) end

---Reads: `GET /reserved_domains/{id}`
---@param id string|ngrok.ReservedDomain
---@param options? ngrok.CallOptions
---@return ngrok.ReservedDomain?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ReservedDomains:get(id, options) end

---Lists, newest first: `GET /reserved_domains`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.ReservedDomainListing
function ReservedDomains:list(query, options) end

---Changes: `PATCH /reserved_domains/{id}`
---@param id string|ngrok.ReservedDomain
---@param attributes ngrok.ReservedDomainUpdate
---@param options? ngrok.CallOptions
---@return ngrok.ReservedDomain?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ReservedDomains:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.ReservedDomainMatch
---@param options? ngrok.FindOptions
---@return ngrok.ReservedDomain?
---@return ngrok.Error?
function ReservedDomains:find(match, options) end

---All that match, newest first.
---@param match ngrok.ReservedDomainMatch
---@param options? ngrok.FindOptions
---@return ngrok.ReservedDomain[]?
---@return ngrok.Error?
function ReservedDomains:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.ReservedDomain?
---@return (ngrok.Response|ngrok.Error)?
function ReservedDomains:find_or_create(match, options) end

---@class ngrok.Client
---@field reserved_domains ngrok.ReservedDomains
