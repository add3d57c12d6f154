---@meta
-- `make generate` writes this file, from lua/ngrok/api/ip_policies.lua.

---A list of IP policy rules that others refer to. Its fields cannot be assigned.
---@class ngrok.IpPolicy: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
local IpPolicy = {}

---Deletes: `DELETE /ip_policies/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpPolicy:delete(options) end

---Reads: `GET /ip_policies/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.IpPolicy?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpPolicy:reload(options) end

---Changes: `PATCH /ip_policies/{id}`
---@param attributes ngrok.IpPolicyUpdate
---@param options? ngrok.CallOptions
---@return ngrok.IpPolicy?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpPolicy:update(attributes, options) end

IpPolicy.created = require "ngrok.created"

---What `ip_policies.create` takes.
---@class ngrok.IpPolicyCreate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes

---What `ip_policies.update` takes.
---@class ngrok.IpPolicyUpdate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes

---@class ngrok.IpPolicyListing: ngrok.Listing
---@field next fun(self): ngrok.IpPolicy?, ngrok.Error?
---@field all fun(self): ngrok.IpPolicy[]?, ngrok.Error?
---@overload fun(): ngrok.IpPolicy?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.IpPolicyMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]

---@class ngrok.IpPolicies
local IpPolicies = {}

---Creates: `POST /ip_policies`
---@param attributes? ngrok.IpPolicyCreate
---@param options? ngrok.CallOptions
---@return ngrok.IpPolicy?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpPolicies:create(attributes, options) end

---Deletes: `DELETE /ip_policies/{id}`
---@param id string|ngrok.IpPolicy
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpPolicies:delete(id, options) end

---Reads: `GET /ip_policies/{id}`
---@param id string|ngrok.IpPolicy
---@param options? ngrok.CallOptions
---@return ngrok.IpPolicy?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpPolicies:get(id, options) end

---Lists, newest first: `GET /ip_policies`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.IpPolicyListing
function IpPolicies:list(query, options) end

---Changes: `PATCH /ip_policies/{id}`
---@param id string|ngrok.IpPolicy
---@param attributes ngrok.IpPolicyUpdate
---@param options? ngrok.CallOptions
---@return ngrok.IpPolicy?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpPolicies:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.IpPolicyMatch
---@param options? ngrok.FindOptions
---@return ngrok.IpPolicy?
---@return ngrok.Error?
function IpPolicies:find(match, options) end

---All that match, newest first.
---@param match ngrok.IpPolicyMatch
---@param options? ngrok.FindOptions
---@return ngrok.IpPolicy[]?
---@return ngrok.Error?
function IpPolicies:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.IpPolicy?
---@return (ngrok.Response|ngrok.Error)?
function IpPolicies:find_or_create(match, options) end

---@class ngrok.Client
---@field ip_policies ngrok.IpPolicies
