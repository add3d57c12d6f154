---@meta
-- `make generate` writes this file, from lua/ngrok/api/ssh_credentials.lua.

---An SSH public key with which a client starts tunnels over SSH. Its fields cannot be assigned.
---@class ngrok.SshCredential: ngrok.Resource
---@field id string
---@field uri? string
---@field created_at? string RFC 3339
---@field description? string at most 255 bytes
---@field metadata? string at most 4096 bytes
---@field public_key? string as in authorized_keys
---@field acl string[] rules, "bind:…"; none allow all
---@field owner_id? string an id, an e-mail address or a SCIM user id
local SshCredential = {}

---Deletes: `DELETE /ssh_credentials/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshCredential:delete(options) end

---Reads: `GET /ssh_credentials/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.SshCredential?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshCredential:reload(options) end

---Changes: `PATCH /ssh_credentials/{id}`
---@param attributes ngrok.SshCredentialUpdate
---@param options? ngrok.CallOptions
---@return ngrok.SshCredential?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshCredential:update(attributes, options) end

SshCredential.created = require "ngrok.created"

---What `ssh_credentials.create` takes.
---@class ngrok.SshCredentialCreate
---@field description? string at most 255 bytes
---@field metadata? string at most 4096 bytes
---@field public_key string as in authorized_keys
---@field acl? string[] rules, "bind:…"; none allow all
---@field owner_id? string|ngrok.Resource an id, an e-mail address or a SCIM user id

---What `ssh_credentials.update` takes.
---@class ngrok.SshCredentialUpdate
---@field description? string at most 255 bytes
---@field metadata? string at most 4096 bytes
---@field acl? string[] rules, "bind:…"; none allow all

---@class ngrok.SshCredentialListing: ngrok.Listing
---@field next fun(self): ngrok.SshCredential?, ngrok.Error?
---@field all fun(self): ngrok.SshCredential[]?, ngrok.Error?
---@overload fun(): ngrok.SshCredential?

---@class ngrok.SshCredentials
local SshCredentials = {}

---Creates: `POST /ssh_credentials`
---@param attributes? ngrok.SshCredentialCreate
---@param options? ngrok.CallOptions
---@return ngrok.SshCredential?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshCredentials:create(attributes, options) end

---Deletes: `DELETE /ssh_credentials/{id}`
---@param id string|ngrok.SshCredential
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshCredentials:delete(id, options) end

---Reads: `GET /ssh_credentials/{id}`
---@param id string|ngrok.SshCredential
---@param options? ngrok.CallOptions
---@return ngrok.SshCredential?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshCredentials:get(id, options) end

---Lists, newest first: `GET /ssh_credentials`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.SshCredentialListing
function SshCredentials:list(query, options) end

---Changes: `PATCH /ssh_credentials/{id}`
---@param id string|ngrok.SshCredential
---@param attributes ngrok.SshCredentialUpdate
---@param options? ngrok.CallOptions
---@return ngrok.SshCredential?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function SshCredentials:update(id, attributes, options) end

---@class ngrok.Client
---@field ssh_credentials ngrok.SshCredentials
