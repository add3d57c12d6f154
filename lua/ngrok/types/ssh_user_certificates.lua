---@meta
-- `make generate` writes this file, from lua/ngrok/api/ssh_user_certificates.lua.

---A certificate by which a person signs in to an SSH server. Its fields cannot be assigned.
---@class ngrok.SshUserCertificate: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field public_key? string the user's key, as in authorized_keys
---@field key_type? string "rsa", "ecdsa" or "ed25519"
---@field ssh_certificate_authority_id? string
---@field principals string[] login names that it is for; none for all
---@field critical_options? table<string, string> "force-command", "source-address"
---@field extensions? table<string, string> "permit-pty" and the like; those of ssh-keygen unless given
---@field valid_after? string RFC 3339; now unless given
---@field valid_until? string RFC 3339; 24 hours later unless given
---@field certificate? string for the file …-cert.pub
local SshUserCertificate = {}

---Deletes: `DELETE /ssh_user_certificates/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshUserCertificate:delete(options) end

---Reads: `GET /ssh_user_certificates/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.SshUserCertificate?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshUserCertificate:reload(options) end

---Changes: `PATCH /ssh_user_certificates/{id}`
---@param attributes ngrok.SshUserCertificateUpdate
---@param options? ngrok.CallOptions
---@return ngrok.SshUserCertificate?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshUserCertificate:update(attributes, options) end

SshUserCertificate.created = require "ngrok.created"

---What `ssh_user_certificates.create` takes.
---@class ngrok.SshUserCertificateCreate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field public_key string the user's key, as in authorized_keys
---@field ssh_certificate_authority_id string|ngrok.Resource
---@field principals? string[] login names that it is for; none for all
---@field critical_options? table<string, string> "force-command", "source-address"
---@field extensions? table<string, string> "permit-pty" and the like; those of ssh-keygen unless given
---@field valid_after? string RFC 3339; now unless given
---@field valid_until? string RFC 3339; 24 hours later unless given

---What `ssh_user_certificates.update` takes.
---@class ngrok.SshUserCertificateUpdate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes

---@class ngrok.SshUserCertificateListing: ngrok.Listing
---@field next fun(self): ngrok.SshUserCertificate?, ngrok.Error?
---@field all fun(self): ngrok.SshUserCertificate[]?, ngrok.Error?
---@overload fun(): ngrok.SshUserCertificate?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.SshUserCertificateMatch
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

---@class ngrok.SshUserCertificates
local SshUserCertificates = {}

---Creates: `POST /ssh_user_certificates`
---@param attributes? ngrok.SshUserCertificateCreate
---@param options? ngrok.CallOptions
---@return ngrok.SshUserCertificate?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshUserCertificates:create(attributes, options) end

---Deletes: `DELETE /ssh_user_certificates/{id}`
---@param id string|ngrok.SshUserCertificate
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshUserCertificates:delete(id, options) end

---Reads: `GET /ssh_user_certificates/{id}`
---@param id string|ngrok.SshUserCertificate
---@param options? ngrok.CallOptions
---@return ngrok.SshUserCertificate?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshUserCertificates:get(id, options) end

---Lists, newest first: `GET /ssh_user_certificates`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.SshUserCertificateListing
function SshUserCertificates:list(query, options) end

---Changes: `PATCH /ssh_user_certificates/{id}`
---@param id string|ngrok.SshUserCertificate
---@param attributes ngrok.SshUserCertificateUpdate
---@param options? ngrok.CallOptions
---@return ngrok.SshUserCertificate?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshUserCertificates:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.SshUserCertificateMatch
---@param options? ngrok.FindOptions
---@return ngrok.SshUserCertificate?
---@return ngrok.Error?
function SshUserCertificates:find(match, options) end

---All that match, newest first.
---@param match ngrok.SshUserCertificateMatch
---@param options? ngrok.FindOptions
---@return ngrok.SshUserCertificate[]?
---@return ngrok.Error?
function SshUserCertificates:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.SshUserCertificate?
---@return (ngrok.Response|ngrok.Error)?
function SshUserCertificates:find_or_create(match, options) end

---@class ngrok.Client
---@field ssh_user_certificates ngrok.SshUserCertificates
