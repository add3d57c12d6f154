---@meta
-- `make generate` writes this file, from lua/ngrok/api/certificate_authorities.lua.

---A certificate authority whose client certificates mutual TLS accepts. Its fields cannot be assigned.
---@class ngrok.CertificateAuthority: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field ca_pem? string certificates of the authority, PEM
---@field subject_common_name? string the common name that the certificate is for
---@field not_before? string valid from
---@field not_after? string valid until
---@field key_usages string[] what its key may be used for: "digitalSignature", "keyEncipherment" and others
---@field extended_key_usages string[] "serverAuth", "clientAuth" and others
local CertificateAuthority = {}

---Deletes: `DELETE /certificate_authorities/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function CertificateAuthority:delete(options) end

---Reads: `GET /certificate_authorities/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.CertificateAuthority?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function CertificateAuthority:reload(options) end

---Changes: `PATCH /certificate_authorities/{id}`
---@param attributes ngrok.CertificateAuthorityUpdate
---@param options? ngrok.CallOptions
---@return ngrok.CertificateAuthority?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function CertificateAuthority:update(attributes, options) end

CertificateAuthority.created = require "ngrok.created"

---What `certificate_authorities.create` takes.
---@class ngrok.CertificateAuthorityCreate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field ca_pem string certificates of the authority, PEM

---What `certificate_authorities.update` takes.
---@class ngrok.CertificateAuthorityUpdate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes

---@class ngrok.CertificateAuthorityListing: ngrok.Listing
---@field next fun(self): ngrok.CertificateAuthority?, ngrok.Error?
---@field all fun(self): ngrok.CertificateAuthority[]?, ngrok.Error?
---@overload fun(): ngrok.CertificateAuthority?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.CertificateAuthorityMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field ca_pem? string|string[]
---@field subject_common_name? string|string[]
---@field not_before? string|string[]
---@field not_after? string|string[]
---@field key_usages? string|string[]
---@field extended_key_usages? string|string[]

---@class ngrok.CertificateAuthorities
local CertificateAuthorities = {}

---Creates: `POST /certificate_authorities`
---@param attributes? ngrok.CertificateAuthorityCreate
---@param options? ngrok.CallOptions
---@return ngrok.CertificateAuthority?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function CertificateAuthorities:create(attributes, options) end

---Deletes: `DELETE /certificate_authorities/{id}`
---@param id string|ngrok.CertificateAuthority
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function CertificateAuthorities:delete(id, options) end

---Reads: `GET /certificate_authorities/{id}`
---@param id string|ngrok.CertificateAuthority
---@param options? ngrok.CallOptions
---@return ngrok.CertificateAuthority?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function CertificateAuthorities:get(id, options) end

---Lists, newest first: `GET /certificate_authorities`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.CertificateAuthorityListing
function CertificateAuthorities:list(query, options) end

---Changes: `PATCH /certificate_authorities/{id}`
---@param id string|ngrok.CertificateAuthority
---@param attributes ngrok.CertificateAuthorityUpdate
---@param options? ngrok.CallOptions
---@return ngrok.CertificateAuthority?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function CertificateAuthorities:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.CertificateAuthorityMatch
---@param options? ngrok.FindOptions
---@return ngrok.CertificateAuthority?
---@return ngrok.Error?
function CertificateAuthorities:find(match, options) end

---All that match, newest first.
---@param match ngrok.CertificateAuthorityMatch
---@param options? ngrok.FindOptions
---@return ngrok.CertificateAuthority[]?
---@return ngrok.Error?
function CertificateAuthorities:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.CertificateAuthority?
---@return (ngrok.Response|ngrok.Error)?
function CertificateAuthorities:find_or_create(match, options) end

---@class ngrok.Client
---@field certificate_authorities ngrok.CertificateAuthorities
