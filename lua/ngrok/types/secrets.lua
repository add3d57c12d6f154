---@meta
-- `make generate` writes this file, from lua/ngrok/api/secrets.lua.

---A secret in a vault, for use in traffic policies. Its fields cannot be assigned.
---@class ngrok.Secret: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field updated_at? string when it was changed last, RFC 3339
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field name? string
---@field created_by? ngrok.Ref the user who created it
---@field last_updated_by? ngrok.Ref the user who changed it last
---@field vault? ngrok.Ref
---@field vault_name? string
local Secret = {}

---Deletes: `DELETE /vault_secrets/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Secret:delete(options) end

---Reads: `GET /vault_secrets/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.Secret?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Secret:reload(options) end

---Changes: `PATCH /vault_secrets/{id}`
---@param attributes ngrok.SecretUpdate
---@param options? ngrok.CallOptions
---@return ngrok.Secret?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Secret:update(attributes, options) end

Secret.created = require "ngrok.created"

---What `secrets.create` takes.
---@class ngrok.SecretCreate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field name? string
---@field vault_name? string
---@field value? string shown by no response; secret
---@field vault_id string|ngrok.Resource

---What `secrets.update` takes.
---@class ngrok.SecretUpdate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field name? string
---@field value? string shown by no response; secret

---@class ngrok.SecretListing: ngrok.Listing
---@field next fun(self): ngrok.Secret?, ngrok.Error?
---@field all fun(self): ngrok.Secret[]?, ngrok.Error?
---@overload fun(): ngrok.Secret?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.SecretMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field updated_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field name? string|string[]
---@field vault_name? string|string[]

---@class ngrok.Secrets
local Secrets = {}

---Creates: `POST /vault_secrets`
---@param attributes? ngrok.SecretCreate
---@param options? ngrok.CallOptions
---@return ngrok.Secret?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Secrets:create(attributes, options) end

---Deletes: `DELETE /vault_secrets/{id}`
---@param id string|ngrok.Secret
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Secrets:delete(id, options) end

---Reads: `GET /vault_secrets/{id}`
---@param id string|ngrok.Secret
---@param options? ngrok.CallOptions
---@return ngrok.Secret?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Secrets:get(id, options) end

---Lists, newest first: `GET /vault_secrets`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.SecretListing
function Secrets:list(query, options) end

---Changes: `PATCH /vault_secrets/{id}`
---@param id string|ngrok.Secret
---@param attributes ngrok.SecretUpdate
---@param options? ngrok.CallOptions
---@return ngrok.Secret?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Secrets:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.SecretMatch
---@param options? ngrok.FindOptions
---@return ngrok.Secret?
---@return ngrok.Error?
function Secrets:find(match, options) end

---All that match, newest first.
---@param match ngrok.SecretMatch
---@param options? ngrok.FindOptions
---@return ngrok.Secret[]?
---@return ngrok.Error?
function Secrets:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.Secret?
---@return (ngrok.Response|ngrok.Error)?
function Secrets:find_or_create(match, options) end

---@class ngrok.Client
---@field secrets ngrok.Secrets
