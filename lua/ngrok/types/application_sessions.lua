---@meta
-- `make generate` writes this file, from lua/ngrok/api/application_sessions.lua.

---A browser session of an application user, made when that user signed in at an endpoint. Its fields cannot be assigned.
---@class ngrok.ApplicationSession: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field public_url? string the URL of the endpoint where it began
---@field browser_session? ngrok.ApplicationSessionBrowserSession
---@field application_user? ngrok.Ref
---@field last_active? string when a request last used it
---@field expires_at? string when it ends
---@field endpoint? ngrok.Ref
---@field edge? ngrok.Ref where the session was made by an edge
---@field route? ngrok.Ref where the session was made by a route of an edge
local ApplicationSession = {}

---Deletes: `DELETE /app/sessions/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ApplicationSession:delete(options) end

---Reads: `GET /app/sessions/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.ApplicationSession?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ApplicationSession:reload(options) end

ApplicationSession.created = require "ngrok.created"

---@class ngrok.ApplicationSessionBrowserSession
---@field user_agent? ngrok.ApplicationSessionUserAgent
---@field ip_address? string
---@field location? ngrok.ApplicationSessionLocation

---@class ngrok.ApplicationSessionLocation
---@field country_code? string ISO 3166
---@field latitude? number
---@field longitude? number
---@field lat_long_radius_km? integer how exact the position is

---@class ngrok.ApplicationSessionUserAgent
---@field raw? string the header `User-Agent` as it was sent
---@field browser_name? string
---@field browser_version? string
---@field device_type? string
---@field os_name? string
---@field os_version? string

---@class ngrok.ApplicationSessionListing: ngrok.Listing
---@field next fun(self): ngrok.ApplicationSession?, ngrok.Error?
---@field all fun(self): ngrok.ApplicationSession[]?, ngrok.Error?
---@overload fun(): ngrok.ApplicationSession?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.ApplicationSessionMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field public_url? string|string[]
---@field last_active? string|string[]
---@field expires_at? ngrok.TimeCondition

---@class ngrok.ApplicationSessions
local ApplicationSessions = {}

---Deletes: `DELETE /app/sessions/{id}`
---@param id string|ngrok.ApplicationSession
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ApplicationSessions:delete(id, options) end

---Reads: `GET /app/sessions/{id}`
---@param id string|ngrok.ApplicationSession
---@param options? ngrok.CallOptions
---@return ngrok.ApplicationSession?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ApplicationSessions:get(id, options) end

---Lists, newest first: `GET /app/sessions`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.ApplicationSessionListing
function ApplicationSessions:list(query, options) end

---The newest that matches; nil where none does.
---@param match ngrok.ApplicationSessionMatch
---@param options? ngrok.FindOptions
---@return ngrok.ApplicationSession?
---@return ngrok.Error?
function ApplicationSessions:find(match, options) end

---All that match, newest first.
---@param match ngrok.ApplicationSessionMatch
---@param options? ngrok.FindOptions
---@return ngrok.ApplicationSession[]?
---@return ngrok.Error?
function ApplicationSessions:find_all(match, options) end

---@class ngrok.Client
---@field application_sessions ngrok.ApplicationSessions
