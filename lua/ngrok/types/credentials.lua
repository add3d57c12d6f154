---@meta
-- `make generate` writes this file, from lua/ngrok/api/credentials.lua.

---A tunnel credential: the authtoken with which an agent starts tunnels. Its fields cannot be assigned.
---@class ngrok.Credential: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field token? string in the response to create only; secret
---@field acl string[] rules, "bind:…"; none allow all
---@field owner_id? string an id, an e-mail address or a SCIM user id
local Credential = {}

---Deletes: `DELETE /credentials/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Credential:delete(options) end

---Reads: `GET /credentials/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.Credential?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Credential:reload(options) end

---Changes: `PATCH /credentials/{id}`
---@param attributes ngrok.CredentialUpdate
---@param options? ngrok.CallOptions
---@return ngrok.Credential?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Credential:update(attributes, options) end

Credential.created = require "ngrok.created"

Credential.permits = require "ngrok.permits"

---What `credentials.create` takes.
---@class ngrok.CredentialCreate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field acl? string[] rules, "bind:…"; none allow all
---@field owner_id? string|ngrok.Resource an id, an e-mail address or a SCIM user id

---What `credentials.update` takes.
---@class ngrok.CredentialUpdate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field acl? string[] rules, "bind:…"; none allow all

---@class ngrok.CredentialListing: ngrok.Listing
---@field next fun(self): ngrok.Credential?, ngrok.Error?
---@field all fun(self): ngrok.Credential[]?, ngrok.Error?
---@overload fun(): ngrok.Credential?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.CredentialMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field acl? string|string[]
---@field owner_id? string|string[]

---@class ngrok.Credentials
local Credentials = {}

---Creates: `POST /credentials`
---@param attributes? ngrok.CredentialCreate
---@param options? ngrok.CallOptions
---@return ngrok.Credential?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Credentials:create(attributes, options) end

---Deletes: `DELETE /credentials/{id}`
---@param id string|ngrok.Credential
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Credentials:delete(id, options) end

---Reads: `GET /credentials/{id}`
---@param id string|ngrok.Credential
---@param options? ngrok.CallOptions
---@return ngrok.Credential?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Credentials:get(id, options) end

---Lists, newest first: `GET /credentials`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.CredentialListing
function Credentials:list(query, options) end

---Changes: `PATCH /credentials/{id}`
---@param id string|ngrok.Credential
---@param attributes ngrok.CredentialUpdate
---@param options? ngrok.CallOptions
---@return ngrok.Credential?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Credentials:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.CredentialMatch
---@param options? ngrok.FindOptions
---@return ngrok.Credential?
---@return ngrok.Error?
function Credentials:find(match, options) end

---All that match, newest first.
---@param match ngrok.CredentialMatch
---@param options? ngrok.FindOptions
---@return ngrok.Credential[]?
---@return ngrok.Error?
function Credentials:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.Credential?
---@return (ngrok.Response|ngrok.Error)?
function Credentials:find_or_create(match, options) end

---@class ngrok.Client
---@field credentials ngrok.Credentials
