---@meta
-- `make generate` writes this file, from lua/ngrok/api/ai_gateway_api_keys.lua.

---A key with which programs call an AI gateway endpoint. Its fields cannot be assigned.
---@class ngrok.AiGatewayApiKey: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field updated_at? string when it was changed last, RFC 3339
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field created_by? ngrok.Ref the user who created it
---@field last_updated_by? ngrok.Ref the user who changed it last
---@field endpoint? ngrok.Ref
---@field token? string in the response to create only; secret
---@field display_name? string a part of the token, to tell keys apart
---@field last_used? string when it was last used
local AiGatewayApiKey = {}

---Deletes: `DELETE /ai_gateway_api_keys/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function AiGatewayApiKey:delete(options) end

---Reads: `GET /ai_gateway_api_keys/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.AiGatewayApiKey?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function AiGatewayApiKey:reload(options) end

---Changes: `PATCH /ai_gateway_api_keys/{id}`
---@param attributes ngrok.AiGatewayApiKeyUpdate
---@param options? ngrok.CallOptions
---@return ngrok.AiGatewayApiKey?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function AiGatewayApiKey:update(attributes, options) end

AiGatewayApiKey.created = require "ngrok.created"

---What `ai_gateway_api_keys.create` takes.
---@class ngrok.AiGatewayApiKeyCreate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field endpoint_id? string|ngrok.Resource the endpoint that the key opens

---What `ai_gateway_api_keys.update` takes.
---@class ngrok.AiGatewayApiKeyUpdate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON
---@field endpoint_id? string|ngrok.Resource the endpoint that the key opens

---@class ngrok.AiGatewayApiKeyListing: ngrok.Listing
---@field next fun(self): ngrok.AiGatewayApiKey?, ngrok.Error?
---@field all fun(self): ngrok.AiGatewayApiKey[]?, ngrok.Error?
---@overload fun(): ngrok.AiGatewayApiKey?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.AiGatewayApiKeyMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field updated_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field display_name? string|string[]
---@field last_used? string|string[]

---@class ngrok.AiGatewayApiKeys
local AiGatewayApiKeys = {}

---Creates: `POST /ai_gateway_api_keys`
---@param attributes? ngrok.AiGatewayApiKeyCreate
---@param options? ngrok.CallOptions
---@return ngrok.AiGatewayApiKey?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function AiGatewayApiKeys:create(attributes, options) end

---Deletes: `DELETE /ai_gateway_api_keys/{id}`
---@param id string|ngrok.AiGatewayApiKey
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function AiGatewayApiKeys:delete(id, options) end

---Reads: `GET /ai_gateway_api_keys/{id}`
---@param id string|ngrok.AiGatewayApiKey
---@param options? ngrok.CallOptions
---@return ngrok.AiGatewayApiKey?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function AiGatewayApiKeys:get(id, options) end

---Lists, newest first: `GET /ai_gateway_api_keys`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.AiGatewayApiKeyListing
function AiGatewayApiKeys:list(query, options) end

---Changes: `PATCH /ai_gateway_api_keys/{id}`
---@param id string|ngrok.AiGatewayApiKey
---@param attributes ngrok.AiGatewayApiKeyUpdate
---@param options? ngrok.CallOptions
---@return ngrok.AiGatewayApiKey?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function AiGatewayApiKeys:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.AiGatewayApiKeyMatch
---@param options? ngrok.FindOptions
---@return ngrok.AiGatewayApiKey?
---@return ngrok.Error?
function AiGatewayApiKeys:find(match, options) end

---All that match, newest first.
---@param match ngrok.AiGatewayApiKeyMatch
---@param options? ngrok.FindOptions
---@return ngrok.AiGatewayApiKey[]?
---@return ngrok.Error?
function AiGatewayApiKeys:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.AiGatewayApiKey?
---@return (ngrok.Response|ngrok.Error)?
function AiGatewayApiKeys:find_or_create(match, options) end

---@class ngrok.Client
---@field ai_gateway_api_keys ngrok.AiGatewayApiKeys
