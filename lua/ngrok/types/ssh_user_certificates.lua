---@meta
-- `make generate` writes this file, from lua/ngrok/api/ssh_user_certificates.lua.

---A certificate by which a person signs in to an SSH server. Its fields cannot be assigned.
---@class ngrok.SshUserCertificate: ngrok.Resource
---@field id string
---@field uri? string
---@field created_at? string
---@field description? string at most 255 bytes
---@field metadata? string at most 4096 bytes
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
---@field description? string at most 255 bytes
---@field metadata? string at most 4096 bytes
---@field public_key string the user's key, as in authorized_keys
---@field ssh_certificate_authority_id string|ngrok.Resource
---@field principals? string[] login names that it is for; none for all
---@field critical_options? table<string, string> "force-command", "source-address"
---@field extensions? table<string, string> "permit-pty" and the like; those of ssh-keygen unless given
---@field valid_after? string RFC 3339; now unless given
---@field valid_until? string RFC 3339; 24 hours later unless given

---What `ssh_user_certificates.update` takes.
---@class ngrok.SshUserCertificateUpdate
---@field description? string at most 255 bytes
---@field metadata? string at most 4096 bytes

---@class ngrok.SshUserCertificateListing: ngrok.Listing
---@field next fun(self): ngrok.SshUserCertificate?, ngrok.Error?
---@field all fun(self): ngrok.SshUserCertificate[]?, ngrok.Error?
---@overload fun(): ngrok.SshUserCertificate?

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

---@class ngrok.Client
---@field ssh_user_certificates ngrok.SshUserCertificates
