---@meta
-- `make generate` writes this file, from lua/ngrok/api/event_sources.lua.

---A type of event that an event subscription sends. Its fields cannot be assigned.
---@class ngrok.EventSource: ngrok.Resource
---@field uri? string its URL in the API
---@field type? string "ip_policy_created.v0" and the like
local EventSource = {}

---Deletes: `DELETE /event_subscriptions/{subscription_id}/sources/{type}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventSource:delete(options) end

---Reads: `GET /event_subscriptions/{subscription_id}/sources/{type}`
---@param options? ngrok.CallOptions
---@return ngrok.EventSource?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventSource:reload(options) end

---Changes: `PATCH /event_subscriptions/{subscription_id}/sources/{type}`
---@param options? ngrok.CallOptions
---@return ngrok.EventSource?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventSource:update(options) end

---What `event_sources.create` takes.
---@class ngrok.EventSourceCreate
---@field type? string "ip_policy_created.v0" and the like

---@class ngrok.EventSourceListing: ngrok.Listing
---@field next fun(self): ngrok.EventSource?, ngrok.Error?
---@field all fun(self): ngrok.EventSource[]?, ngrok.Error?
---@overload fun(): ngrok.EventSource?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.EventSourceMatch
---@field type? string|string[]

---@class ngrok.EventSources
local EventSources = {}

---Creates: `POST /event_subscriptions/{subscription_id}/sources`
---@param subscription_id string|ngrok.Resource
---@param attributes? ngrok.EventSourceCreate
---@param options? ngrok.CallOptions
---@return ngrok.EventSource?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventSources:create(subscription_id, attributes, options) end

---Deletes: `DELETE /event_subscriptions/{subscription_id}/sources/{type}`
---@param subscription_id string|ngrok.Resource
---@param type string
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventSources:delete(subscription_id, type, options) end

---Reads: `GET /event_subscriptions/{subscription_id}/sources/{type}`
---@param subscription_id string|ngrok.Resource
---@param type string
---@param options? ngrok.CallOptions
---@return ngrok.EventSource?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventSources:get(subscription_id, type, options) end

---Lists, newest first: `GET /event_subscriptions/{subscription_id}/sources`
---@param subscription_id string|ngrok.Resource
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.EventSourceListing
function EventSources:list(subscription_id, query, options) end

---Changes: `PATCH /event_subscriptions/{subscription_id}/sources/{type}`
---@param subscription_id string|ngrok.Resource
---@param type string
---@param options? ngrok.CallOptions
---@return ngrok.EventSource?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventSources:update(subscription_id, type, options) end

---The newest that matches; nil where none does.
---@param subscription_id string|ngrok.Resource
---@param match ngrok.EventSourceMatch
---@param options? ngrok.FindOptions
---@return ngrok.EventSource?
---@return ngrok.Error?
function EventSources:find(subscription_id, match, options) end

---All that match, newest first.
---@param subscription_id string|ngrok.Resource
---@param match ngrok.EventSourceMatch
---@param options? ngrok.FindOptions
---@return ngrok.EventSource[]?
---@return ngrok.Error?
function EventSources:find_all(subscription_id, match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param subscription_id string|ngrok.Resource
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.EventSource?
---@return (ngrok.Response|ngrok.Error)?
function EventSources:find_or_create(subscription_id, match, options) end

---@class ngrok.Client
---@field event_sources ngrok.EventSources
