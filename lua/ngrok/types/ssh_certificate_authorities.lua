---@meta
-- `make generate` writes this file, from lua/ngrok/api/ssh_certificate_authorities.lua.

---A certificate authority that signs SSH certificates of users and hosts. Its fields cannot be assigned.
---@class ngrok.SshCertificateAuthority: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field public_key? string for known_hosts or TrustedUserCAKeys
---@field key_type? string "rsa", "ecdsa" or "ed25519"
local SshCertificateAuthority = {}

---Deletes: `DELETE /ssh_certificate_authorities/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshCertificateAuthority:delete(options) end

---Reads: `GET /ssh_certificate_authorities/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.SshCertificateAuthority?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshCertificateAuthority:reload(options) end

---Changes: `PATCH /ssh_certificate_authorities/{id}`
---@param attributes ngrok.SshCertificateAuthorityUpdate
---@param options? ngrok.CallOptions
---@return ngrok.SshCertificateAuthority?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshCertificateAuthority:update(attributes, options) end

SshCertificateAuthority.created = require "ngrok.created"

---What `ssh_certificate_authorities.create` takes.
---@class ngrok.SshCertificateAuthorityCreate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field private_key_type? string "rsa", "ecdsa" or "ed25519"
---@field elliptic_curve? string of an ecdsa key: 224, 256, 384 or 521; 256 unless given
---@field key_size? integer bits of an rsa key, 2048 to 4096; 2048 unless given

---What `ssh_certificate_authorities.update` takes.
---@class ngrok.SshCertificateAuthorityUpdate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes

---@class ngrok.SshCertificateAuthorityListing: ngrok.Listing
---@field next fun(self): ngrok.SshCertificateAuthority?, ngrok.Error?
---@field all fun(self): ngrok.SshCertificateAuthority[]?, ngrok.Error?
---@overload fun(): ngrok.SshCertificateAuthority?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.SshCertificateAuthorityMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field public_key? string|string[]
---@field key_type? string|string[]

---@class ngrok.SshCertificateAuthorities
local SshCertificateAuthorities = {}

---Creates: `POST /ssh_certificate_authorities`
---@param attributes? ngrok.SshCertificateAuthorityCreate
---@param options? ngrok.CallOptions
---@return ngrok.SshCertificateAuthority?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshCertificateAuthorities:create(attributes, options) end

---Deletes: `DELETE /ssh_certificate_authorities/{id}`
---@param id string|ngrok.SshCertificateAuthority
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshCertificateAuthorities:delete(id, options) end

---Reads: `GET /ssh_certificate_authorities/{id}`
---@param id string|ngrok.SshCertificateAuthority
---@param options? ngrok.CallOptions
---@return ngrok.SshCertificateAuthority?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshCertificateAuthorities:get(id, options) end

---Lists, newest first: `GET /ssh_certificate_authorities`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.SshCertificateAuthorityListing
function SshCertificateAuthorities:list(query, options) end

---Changes: `PATCH /ssh_certificate_authorities/{id}`
---@param id string|ngrok.SshCertificateAuthority
---@param attributes ngrok.SshCertificateAuthorityUpdate
---@param options? ngrok.CallOptions
---@return ngrok.SshCertificateAuthority?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshCertificateAuthorities:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.SshCertificateAuthorityMatch
---@param options? ngrok.FindOptions
---@return ngrok.SshCertificateAuthority?
---@return ngrok.Error?
function SshCertificateAuthorities:find(match, options) end

---All that match, newest first.
---@param match ngrok.SshCertificateAuthorityMatch
---@param options? ngrok.FindOptions
---@return ngrok.SshCertificateAuthority[]?
---@return ngrok.Error?
function SshCertificateAuthorities:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.SshCertificateAuthority?
---@return (ngrok.Response|ngrok.Error)?
function SshCertificateAuthorities:find_or_create(match, options) end

---@class ngrok.Client
---@field ssh_certificate_authorities ngrok.SshCertificateAuthorities
