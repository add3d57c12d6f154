---@meta
-- `make generate` writes this file, from lua/ngrok/api/ssh_credentials.lua.

---An SSH public key with which a client starts tunnels over SSH. Its fields cannot be assigned.
---@class ngrok.SshCredential: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
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
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field public_key string as in authorized_keys
---@field acl? string[] rules, "bind:…"; none allow all
---@field owner_id? string|ngrok.Resource an id, an e-mail address or a SCIM user id

---What `ssh_credentials.update` takes.
---@class ngrok.SshCredentialUpdate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field acl? string[] rules, "bind:…"; none allow all

---@class ngrok.SshCredentialListing: ngrok.Listing
---@field next fun(self): ngrok.SshCredential?, ngrok.Error?
---@field all fun(self): ngrok.SshCredential[]?, ngrok.Error?
---@overload fun(): ngrok.SshCredential?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.SshCredentialMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field public_key? string|string[]
---@field acl? string|string[]
---@field owner_id? string|string[]

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

---The newest that matches; nil where none does.
---@param match ngrok.SshCredentialMatch
---@param options? ngrok.FindOptions
---@return ngrok.SshCredential?
---@return ngrok.Error?
function SshCredentials:find(match, options) end

---All that match, newest first.
---@param match ngrok.SshCredentialMatch
---@param options? ngrok.FindOptions
---@return ngrok.SshCredential[]?
---@return ngrok.Error?
function SshCredentials:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.SshCredential?
---@return (ngrok.Response|ngrok.Error)?
function SshCredentials:find_or_create(match, options) end

---@class ngrok.Client
---@field ssh_credentials ngrok.SshCredentials
