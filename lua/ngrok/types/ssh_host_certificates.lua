---@meta
-- `make generate` writes this file, from lua/ngrok/api/ssh_host_certificates.lua.

---A certificate by which an SSH server proves which host it is. Its fields cannot be assigned.
---@class ngrok.SshHostCertificate: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field public_key? string the host's key, as in authorized_keys
---@field key_type? string "rsa", "ecdsa" or "ed25519"
---@field ssh_certificate_authority_id? string
---@field principals string[] hostnames that it is for; none for all
---@field valid_after? string RFC 3339; now unless given
---@field valid_until? string RFC 3339; a year later unless given
---@field certificate? string for the file …-cert.pub
local SshHostCertificate = {}

---Deletes: `DELETE /ssh_host_certificates/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshHostCertificate:delete(options) end

---Reads: `GET /ssh_host_certificates/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.SshHostCertificate?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshHostCertificate:reload(options) end

---Changes: `PATCH /ssh_host_certificates/{id}`
---@param attributes ngrok.SshHostCertificateUpdate
---@param options? ngrok.CallOptions
---@return ngrok.SshHostCertificate?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshHostCertificate:update(attributes, options) end

SshHostCertificate.created = require "ngrok.created"

---What `ssh_host_certificates.create` takes.
---@class ngrok.SshHostCertificateCreate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field public_key string the host's key, as in authorized_keys
---@field ssh_certificate_authority_id string|ngrok.Resource
---@field principals? string[] hostnames that it is for; none for all
---@field valid_after? string RFC 3339; now unless given
---@field valid_until? string RFC 3339; a year later unless given

---What `ssh_host_certificates.update` takes.
---@class ngrok.SshHostCertificateUpdate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes

---@class ngrok.SshHostCertificateListing: ngrok.Listing
---@field next fun(self): ngrok.SshHostCertificate?, ngrok.Error?
---@field all fun(self): ngrok.SshHostCertificate[]?, ngrok.Error?
---@overload fun(): ngrok.SshHostCertificate?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.SshHostCertificateMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field public_key? string|string[]
---@field key_type? string|string[]
---@field ssh_certificate_authority_id? string|string[]
---@field principals? string|string[]
---@field valid_after? string|string[]
---@field valid_until? string|string[]
---@field certificate? string|string[]

---@class ngrok.SshHostCertificates
local SshHostCertificates = {}

---Creates: `POST /ssh_host_certificates`
---@param attributes? ngrok.SshHostCertificateCreate
---@param options? ngrok.CallOptions
---@return ngrok.SshHostCertificate?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshHostCertificates:create(attributes, options) end

---Deletes: `DELETE /ssh_host_certificates/{id}`
---@param id string|ngrok.SshHostCertificate
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshHostCertificates:delete(id, options) end

---Reads: `GET /ssh_host_certificates/{id}`
---@param id string|ngrok.SshHostCertificate
---@param options? ngrok.CallOptions
---@return ngrok.SshHostCertificate?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshHostCertificates:get(id, options) end

---Lists, newest first: `GET /ssh_host_certificates`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.SshHostCertificateListing
function SshHostCertificates:list(query, options) end

---Changes: `PATCH /ssh_host_certificates/{id}`
---@param id string|ngrok.SshHostCertificate
---@param attributes ngrok.SshHostCertificateUpdate
---@param options? ngrok.CallOptions
---@return ngrok.SshHostCertificate?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshHostCertificates:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.SshHostCertificateMatch
---@param options? ngrok.FindOptions
---@return ngrok.SshHostCertificate?
---@return ngrok.Error?
function SshHostCertificates:find(match, options) end

---All that match, newest first.
---@param match ngrok.SshHostCertificateMatch
---@param options? ngrok.FindOptions
---@return ngrok.SshHostCertificate[]?
---@return ngrok.Error?
function SshHostCertificates:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.SshHostCertificate?
---@return (ngrok.Response|ngrok.Error)?
function SshHostCertificates:find_or_create(match, options) end

---@class ngrok.Client
---@field ssh_host_certificates ngrok.SshHostCertificates
