---@meta
-- `make generate` writes this file, from lua/ngrok/api/ip_policy_rules.lua.

---A rule of an IP policy: a range of addresses that is allowed or denied. Its fields cannot be assigned.
---@class ngrok.IpPolicyRule: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field cidr? string a range of IPv4 or IPv6 addresses: "192.0.2.0/24"
---@field ip_policy? ngrok.Ref
---@field action? string "allow" or "deny"
local IpPolicyRule = {}

---Deletes: `DELETE /ip_policy_rules/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpPolicyRule:delete(options) end

---Reads: `GET /ip_policy_rules/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.IpPolicyRule?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpPolicyRule:reload(options) end

---Changes: `PATCH /ip_policy_rules/{id}`
---@param attributes ngrok.IpPolicyRuleUpdate
---@param options? ngrok.CallOptions
---@return ngrok.IpPolicyRule?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpPolicyRule:update(attributes, options) end

IpPolicyRule.created = require "ngrok.created"

---What `ip_policy_rules.create` takes.
---@class ngrok.IpPolicyRuleCreate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field cidr string a range of IPv4 or IPv6 addresses: "192.0.2.0/24"
---@field action string "allow" or "deny"
---@field ip_policy_id string|ngrok.Resource

---What `ip_policy_rules.update` takes.
---@class ngrok.IpPolicyRuleUpdate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field cidr? string a range of IPv4 or IPv6 addresses: "192.0.2.0/24"

---@class ngrok.IpPolicyRuleListing: ngrok.Listing
---@field next fun(self): ngrok.IpPolicyRule?, ngrok.Error?
---@field all fun(self): ngrok.IpPolicyRule[]?, ngrok.Error?
---@overload fun(): ngrok.IpPolicyRule?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.IpPolicyRuleMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field cidr? string|string[]
---@field action? string|string[]

---@class ngrok.IpPolicyRules
local IpPolicyRules = {}

---Creates: `POST /ip_policy_rules`
---@param attributes? ngrok.IpPolicyRuleCreate
---@param options? ngrok.CallOptions
---@return ngrok.IpPolicyRule?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpPolicyRules:create(attributes, options) end

---Deletes: `DELETE /ip_policy_rules/{id}`
---@param id string|ngrok.IpPolicyRule
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpPolicyRules:delete(id, options) end

---Reads: `GET /ip_policy_rules/{id}`
---@param id string|ngrok.IpPolicyRule
---@param options? ngrok.CallOptions
---@return ngrok.IpPolicyRule?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpPolicyRules:get(id, options) end

---Lists, newest first: `GET /ip_policy_rules`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.IpPolicyRuleListing
function IpPolicyRules:list(query, options) end

---Changes: `PATCH /ip_policy_rules/{id}`
---@param id string|ngrok.IpPolicyRule
---@param attributes ngrok.IpPolicyRuleUpdate
---@param options? ngrok.CallOptions
---@return ngrok.IpPolicyRule?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function IpPolicyRules:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.IpPolicyRuleMatch
---@param options? ngrok.FindOptions
---@return ngrok.IpPolicyRule?
---@return ngrok.Error?
function IpPolicyRules:find(match, options) end

---All that match, newest first.
---@param match ngrok.IpPolicyRuleMatch
---@param options? ngrok.FindOptions
---@return ngrok.IpPolicyRule[]?
---@return ngrok.Error?
function IpPolicyRules:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.IpPolicyRule?
---@return (ngrok.Response|ngrok.Error)?
function IpPolicyRules:find_or_create(match, options) end

---@class ngrok.Client
---@field ip_policy_rules ngrok.IpPolicyRules
