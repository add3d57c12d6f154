---@meta
-- `make generate` writes this file, from lua/ngrok/api/tls_certificates.lua.

---A TLS certificate and its private key, for endpoints on reserved domains. Its fields cannot be assigned.
---@class ngrok.TlsCertificate: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field certificate_pem? string the certificate and those up to its root, PEM
---@field subject_common_name? string the common name that the certificate is for
---@field subject_alternative_names? ngrok.TlsCertificateAlternativeNames
---@field issued_at? string when ngrok obtained it; absent for your own
---@field not_before? string valid from
---@field not_after? string valid until
---@field key_usages string[] what its key may be used for: "digitalSignature", "keyEncipherment" and others
---@field extended_key_usages string[] "serverAuth", "clientAuth" and others
---@field private_key_type? string "rsa" or "ecdsa"
---@field issuer_common_name? string
---@field serial_number? string
---@field subject_organization? string
---@field subject_organizational_unit? string
---@field subject_locality? string
---@field subject_province? string
---@field subject_country? string
local TlsCertificate = {}

---Deletes: `DELETE /tls_certificates/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsCertificate:delete(options) end

---Reads: `GET /tls_certificates/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.TlsCertificate?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsCertificate:reload(options) end

---Changes: `PATCH /tls_certificates/{id}`
---@param attributes ngrok.TlsCertificateUpdate
---@param options? ngrok.CallOptions
---@return ngrok.TlsCertificate?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsCertificate:update(attributes, options) end

TlsCertificate.created = require "ngrok.created"

---@class ngrok.TlsCertificateAlternativeNames
---@field dns_names? string[]
---@field ips? string[]

---What `tls_certificates.create` takes.
---@class ngrok.TlsCertificateCreate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field certificate_pem string the certificate and those up to its root, PEM
---@field private_key_pem string of the certificate, PEM; no response has it; secret

---What `tls_certificates.update` takes.
---@class ngrok.TlsCertificateUpdate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes

---@class ngrok.TlsCertificateListing: ngrok.Listing
---@field next fun(self): ngrok.TlsCertificate?, ngrok.Error?
---@field all fun(self): ngrok.TlsCertificate[]?, ngrok.Error?
---@overload fun(): ngrok.TlsCertificate?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.TlsCertificateMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field certificate_pem? string|string[]
---@field subject_common_name? string|string[]
---@field issued_at? ngrok.TimeCondition
---@field not_before? string|string[]
---@field not_after? string|string[]
---@field key_usages? string|string[]
---@field extended_key_usages? string|string[]
---@field private_key_type? string|string[]
---@field issuer_common_name? string|string[]
---@field serial_number? string|string[]
---@field subject_organization? string|string[]
---@field subject_organizational_unit? string|string[]
---@field subject_locality? string|string[]
---@field subject_province? string|string[]
---@field subject_country? string|string[]

---@class ngrok.TlsCertificates
local TlsCertificates = {}

---Creates: `POST /tls_certificates`
---@param attributes? ngrok.TlsCertificateCreate
---@param options? ngrok.CallOptions
---@return ngrok.TlsCertificate?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsCertificates:create(attributes, options) end

---Deletes: `DELETE /tls_certificates/{id}`
---@param id string|ngrok.TlsCertificate
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsCertificates:delete(id, options) end

---Reads: `GET /tls_certificates/{id}`
---@param id string|ngrok.TlsCertificate
---@param options? ngrok.CallOptions
---@return ngrok.TlsCertificate?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsCertificates:get(id, options) end

---Lists, newest first: `GET /tls_certificates`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.TlsCertificateListing
function TlsCertificates:list(query, options) end

---Changes: `PATCH /tls_certificates/{id}`
---@param id string|ngrok.TlsCertificate
---@param attributes ngrok.TlsCertificateUpdate
---@param options? ngrok.CallOptions
---@return ngrok.TlsCertificate?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TlsCertificates:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.TlsCertificateMatch
---@param options? ngrok.FindOptions
---@return ngrok.TlsCertificate?
---@return ngrok.Error?
function TlsCertificates:find(match, options) end

---All that match, newest first.
---@param match ngrok.TlsCertificateMatch
---@param options? ngrok.FindOptions
---@return ngrok.TlsCertificate[]?
---@return ngrok.Error?
function TlsCertificates:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.TlsCertificate?
---@return (ngrok.Response|ngrok.Error)?
function TlsCertificates:find_or_create(match, options) end

---@class ngrok.Client
---@field tls_certificates ngrok.TlsCertificates
