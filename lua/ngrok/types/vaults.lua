---@meta
-- `make generate` writes this file, from lua/ngrok/api/vaults.lua.

---A place for secrets. Its fields cannot be assigned.
---@class ngrok.Vault: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field updated_at? string when it was changed last, RFC 3339
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field name? string
---@field created_by? string the user who created it
---@field last_updated_by? string the user who changed it last
local Vault = {}

---Deletes: `DELETE /vaults/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Vault:delete(options) end

---Reads: `GET /vaults/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.Vault?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Vault:reload(options) end

---Lists the secrets of a vault: `GET /vaults/{id}/secrets`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.SecretListing
function Vault:get_secrets_by_vault(query, options) end

---Changes: `PATCH /vaults/{id}`
---@param attributes ngrok.VaultUpdate
---@param options? ngrok.CallOptions
---@return ngrok.Vault?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Vault:update(attributes, options) end

Vault.created = require "ngrok.created"

---What `vaults.create` takes.
---@class ngrok.VaultCreate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field name? string

---What `vaults.update` takes.
---@class ngrok.VaultUpdate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field name? string

---@class ngrok.VaultListing: ngrok.Listing
---@field next fun(self): ngrok.Vault?, ngrok.Error?
---@field all fun(self): ngrok.Vault[]?, ngrok.Error?
---@overload fun(): ngrok.Vault?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.VaultMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field updated_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field name? string|string[]
---@field created_by? string|string[]
---@field last_updated_by? string|string[]

---@class ngrok.Vaults
local Vaults = {}

---Creates: `POST /vaults`
---@param attributes? ngrok.VaultCreate
---@param options? ngrok.CallOptions
---@return ngrok.Vault?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Vaults:create(attributes, options) end

---Deletes: `DELETE /vaults/{id}`
---@param id string|ngrok.Vault
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Vaults:delete(id, options) end

---Reads: `GET /vaults/{id}`
---@param id string|ngrok.Vault
---@param options? ngrok.CallOptions
---@return ngrok.Vault?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Vaults:get(id, options) end

---Lists the secrets of a vault: `GET /vaults/{id}/secrets`
---@param id string|ngrok.Vault
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.SecretListing
function Vaults:get_secrets_by_vault(id, query, options) end

---Lists, newest first: `GET /vaults`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.VaultListing
function Vaults:list(query, options) end

---Changes: `PATCH /vaults/{id}`
---@param id string|ngrok.Vault
---@param attributes ngrok.VaultUpdate
---@param options? ngrok.CallOptions
---@return ngrok.Vault?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Vaults:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.VaultMatch
---@param options? ngrok.FindOptions
---@return ngrok.Vault?
---@return ngrok.Error?
function Vaults:find(match, options) end

---All that match, newest first.
---@param match ngrok.VaultMatch
---@param options? ngrok.FindOptions
---@return ngrok.Vault[]?
---@return ngrok.Error?
function Vaults:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.Vault?
---@return (ngrok.Response|ngrok.Error)?
function Vaults:find_or_create(match, options) end

---@class ngrok.Client
---@field vaults ngrok.Vaults
