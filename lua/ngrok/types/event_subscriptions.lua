---@meta
-- `make generate` writes this file, from lua/ngrok/api/event_subscriptions.lua.

---Which types of events go to which destinations. Its fields cannot be assigned.
---@class ngrok.EventSubscription: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field sources ngrok.EventSubscriptionSource[] types of events
---@field destinations ngrok.Ref[]
local EventSubscription = {}

---Deletes: `DELETE /event_subscriptions/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventSubscription:delete(options) end

---Reads: `GET /event_subscriptions/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.EventSubscription?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventSubscription:reload(options) end

---Changes: `PATCH /event_subscriptions/{id}`
---@param attributes ngrok.EventSubscriptionUpdate
---@param options? ngrok.CallOptions
---@return ngrok.EventSubscription?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventSubscription:update(attributes, options) end

EventSubscription.created = require "ngrok.created"

---@class ngrok.EventSubscriptionSource
---@field type? string "ip_policy_created.v0" and the like
---@field uri? string its URL in the API

---@class ngrok.EventSubscriptionSourceAttributes
---@field type? string "ip_policy_created.v0" and the like

---What `event_subscriptions.create` takes.
---@class ngrok.EventSubscriptionCreate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field sources? ngrok.EventSubscriptionSourceAttributes[] types of events
---@field destination_ids? (string|ngrok.Resource)[]

---What `event_subscriptions.update` takes.
---@class ngrok.EventSubscriptionUpdate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field sources? ngrok.EventSubscriptionSourceAttributes[] types of events
---@field destination_ids? (string|ngrok.Resource)[]

---@class ngrok.EventSubscriptionListing: ngrok.Listing
---@field next fun(self): ngrok.EventSubscription?, ngrok.Error?
---@field all fun(self): ngrok.EventSubscription[]?, ngrok.Error?
---@overload fun(): ngrok.EventSubscription?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.EventSubscriptionMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]

---@class ngrok.EventSubscriptions
local EventSubscriptions = {}

---Creates: `POST /event_subscriptions`
---@param attributes? ngrok.EventSubscriptionCreate
---@param options? ngrok.CallOptions
---@return ngrok.EventSubscription?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventSubscriptions:create(attributes, options) end

---Deletes: `DELETE /event_subscriptions/{id}`
---@param id string|ngrok.EventSubscription
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventSubscriptions:delete(id, options) end

---Reads: `GET /event_subscriptions/{id}`
---@param id string|ngrok.EventSubscription
---@param options? ngrok.CallOptions
---@return ngrok.EventSubscription?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventSubscriptions:get(id, options) end

---Lists, newest first: `GET /event_subscriptions`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.EventSubscriptionListing
function EventSubscriptions:list(query, options) end

---Changes: `PATCH /event_subscriptions/{id}`
---@param id string|ngrok.EventSubscription
---@param attributes ngrok.EventSubscriptionUpdate
---@param options? ngrok.CallOptions
---@return ngrok.EventSubscription?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventSubscriptions:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.EventSubscriptionMatch
---@param options? ngrok.FindOptions
---@return ngrok.EventSubscription?
---@return ngrok.Error?
function EventSubscriptions:find(match, options) end

---All that match, newest first.
---@param match ngrok.EventSubscriptionMatch
---@param options? ngrok.FindOptions
---@return ngrok.EventSubscription[]?
---@return ngrok.Error?
function EventSubscriptions:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.EventSubscription?
---@return (ngrok.Response|ngrok.Error)?
function EventSubscriptions:find_or_create(match, options) end

---@class ngrok.Client
---@field event_subscriptions ngrok.EventSubscriptions
