---@meta
-- `make generate` writes this file, from lua/ngrok/api/api_keys.lua.

---A key for this API. Its fields cannot be assigned.
---@class ngrok.ApiKey: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field token? string in the response to create only; secret
---@field owner_id? string an id, an e-mail address or a SCIM user id
local ApiKey = {}

---Deletes: `DELETE /api_keys/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ApiKey:delete(options) end

---Reads: `GET /api_keys/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.ApiKey?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ApiKey:reload(options) end

---Changes: `PATCH /api_keys/{id}`
---@param attributes ngrok.ApiKeyUpdate
---@param options? ngrok.CallOptions
---@return ngrok.ApiKey?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ApiKey:update(attributes, options) end

ApiKey.created = require "ngrok.created"

---What `api_keys.create` takes.
---@class ngrok.ApiKeyCreate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field owner_id? string|ngrok.Resource an id, an e-mail address or a SCIM user id

---What `api_keys.update` takes.
---@class ngrok.ApiKeyUpdate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes

---@class ngrok.ApiKeyListing: ngrok.Listing
---@field next fun(self): ngrok.ApiKey?, ngrok.Error?
---@field all fun(self): ngrok.ApiKey[]?, ngrok.Error?
---@overload fun(): ngrok.ApiKey?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.ApiKeyMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field owner_id? string|string[]

---@class ngrok.ApiKeys
local ApiKeys = {}

---Creates: `POST /api_keys`
---@param attributes? ngrok.ApiKeyCreate
---@param options? ngrok.CallOptions
---@return ngrok.ApiKey?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ApiKeys:create(attributes, options) end

---Deletes: `DELETE /api_keys/{id}`
---@param id string|ngrok.ApiKey
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ApiKeys:delete(id, options) end

---Reads: `GET /api_keys/{id}`
---@param id string|ngrok.ApiKey
---@param options? ngrok.CallOptions
---@return ngrok.ApiKey?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ApiKeys:get(id, options) end

---Lists, newest first: `GET /api_keys`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.ApiKeyListing
function ApiKeys:list(query, options) end

---Changes: `PATCH /api_keys/{id}`
---@param id string|ngrok.ApiKey
---@param attributes ngrok.ApiKeyUpdate
---@param options? ngrok.CallOptions
---@return ngrok.ApiKey?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ApiKeys:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.ApiKeyMatch
---@param options? ngrok.FindOptions
---@return ngrok.ApiKey?
---@return ngrok.Error?
function ApiKeys:find(match, options) end

---All that match, newest first.
---@param match ngrok.ApiKeyMatch
---@param options? ngrok.FindOptions
---@return ngrok.ApiKey[]?
---@return ngrok.Error?
function ApiKeys:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.ApiKey?
---@return (ngrok.Response|ngrok.Error)?
function ApiKeys:find_or_create(match, options) end

---@class ngrok.Client
---@field api_keys ngrok.ApiKeys
