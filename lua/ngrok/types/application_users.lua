---@meta
-- `make generate` writes this file, from lua/ngrok/api/application_users.lua.

---A person who signed in at an endpoint that asks for OAuth, OpenID Connect or SAML. Its fields cannot be assigned.
---@class ngrok.ApplicationUser: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field identity_provider? ngrok.ApplicationUserIdentityProvider
---@field provider_user_id? string the user's id at the identity provider
---@field username? string
---@field email? string
---@field name? string
---@field last_active? string when a session of this user was last used
---@field last_login? string when this user last signed in
local ApplicationUser = {}

---Deletes: `DELETE /app/users/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ApplicationUser:delete(options) end

---Reads: `GET /app/users/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.ApplicationUser?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ApplicationUser:reload(options) end

ApplicationUser.created = require "ngrok.created"

---@class ngrok.ApplicationUserIdentityProvider
---@field name? string
---@field url? string of its authorization endpoint

---@class ngrok.ApplicationUserListing: ngrok.Listing
---@field next fun(self): ngrok.ApplicationUser?, ngrok.Error?
---@field all fun(self): ngrok.ApplicationUser[]?, ngrok.Error?
---@overload fun(): ngrok.ApplicationUser?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.ApplicationUserMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field provider_user_id? string|string[]
---@field username? string|string[]
---@field email? string|string[]
---@field name? string|string[]
---@field last_active? string|string[]
---@field last_login? string|string[]

---@class ngrok.ApplicationUsers
local ApplicationUsers = {}

---Deletes: `DELETE /app/users/{id}`
---@param id string|ngrok.ApplicationUser
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ApplicationUsers:delete(id, options) end

---Reads: `GET /app/users/{id}`
---@param id string|ngrok.ApplicationUser
---@param options? ngrok.CallOptions
---@return ngrok.ApplicationUser?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ApplicationUsers:get(id, options) end

---Lists, newest first: `GET /app/users`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.ApplicationUserListing
function ApplicationUsers:list(query, options) end

---The newest that matches; nil where none does.
---@param match ngrok.ApplicationUserMatch
---@param options? ngrok.FindOptions
---@return ngrok.ApplicationUser?
---@return ngrok.Error?
function ApplicationUsers:find(match, options) end

---All that match, newest first.
---@param match ngrok.ApplicationUserMatch
---@param options? ngrok.FindOptions
---@return ngrok.ApplicationUser[]?
---@return ngrok.Error?
function ApplicationUsers:find_all(match, options) end

---@class ngrok.Client
---@field application_users ngrok.ApplicationUsers
