---@meta
-- `make generate` writes this file, from lua/ngrok/api/ip_restrictions.lua.

---IP policies that limit from where the dashboard, the API, agents or endpoints can be reached. Its fields cannot be assigned.
---@class ngrok.IpRestriction: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field enforced? boolean false only records what it would refuse
---@field type? string "dashboard", "api", "agent" or "endpoints"
---@field ip_policies ngrok.Ref[]
local IpRestriction = {}

---Deletes: `DELETE /ip_restrictions/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpRestriction:delete(options) end

---Reads: `GET /ip_restrictions/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.IpRestriction?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpRestriction:reload(options) end

---Changes: `PATCH /ip_restrictions/{id}`
---@param attributes ngrok.IpRestrictionUpdate
---@param options? ngrok.CallOptions
---@return ngrok.IpRestriction?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpRestriction:update(attributes, options) end

IpRestriction.created = require "ngrok.created"

---What `ip_restrictions.create` takes.
---@class ngrok.IpRestrictionCreate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field enforced? boolean false only records what it would refuse
---@field type string "dashboard", "api", "agent" or "endpoints"
---@field ip_policy_ids (string|ngrok.Resource)[]

---What `ip_restrictions.update` takes.
---@class ngrok.IpRestrictionUpdate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field enforced? boolean false only records what it would refuse
---@field ip_policy_ids? (string|ngrok.Resource)[]

---@class ngrok.IpRestrictionListing: ngrok.Listing
---@field next fun(self): ngrok.IpRestriction?, ngrok.Error?
---@field all fun(self): ngrok.IpRestriction[]?, ngrok.Error?
---@overload fun(): ngrok.IpRestriction?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.IpRestrictionMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field enforced? boolean|boolean[]
---@field type? string|string[]

---@class ngrok.IpRestrictions
local IpRestrictions = {}

---Creates: `POST /ip_restrictions`
---@param attributes? ngrok.IpRestrictionCreate
---@param options? ngrok.CallOptions
---@return ngrok.IpRestriction?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpRestrictions:create(attributes, options) end

---Deletes: `DELETE /ip_restrictions/{id}`
---@param id string|ngrok.IpRestriction
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpRestrictions:delete(id, options) end

---Reads: `GET /ip_restrictions/{id}`
---@param id string|ngrok.IpRestriction
---@param options? ngrok.CallOptions
---@return ngrok.IpRestriction?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpRestrictions:get(id, options) end

---Lists, newest first: `GET /ip_restrictions`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.IpRestrictionListing
function IpRestrictions:list(query, options) end

---Changes: `PATCH /ip_restrictions/{id}`
---@param id string|ngrok.IpRestriction
---@param attributes ngrok.IpRestrictionUpdate
---@param options? ngrok.CallOptions
---@return ngrok.IpRestriction?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpRestrictions:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.IpRestrictionMatch
---@param options? ngrok.FindOptions
---@return ngrok.IpRestriction?
---@return ngrok.Error?
function IpRestrictions:find(match, options) end

---All that match, newest first.
---@param match ngrok.IpRestrictionMatch
---@param options? ngrok.FindOptions
---@return ngrok.IpRestriction[]?
---@return ngrok.Error?
function IpRestrictions:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.IpRestriction?
---@return (ngrok.Response|ngrok.Error)?
function IpRestrictions:find_or_create(match, options) end

---@class ngrok.Client
---@field ip_restrictions ngrok.IpRestrictions
