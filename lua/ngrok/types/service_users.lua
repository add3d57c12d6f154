---@meta
-- `make generate` writes this file, from lua/ngrok/api/service_users.lua.

---A user for a program: it owns API keys, credentials and SSH credentials. Its fields cannot be assigned.
---@class ngrok.ServiceUser: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field name? string
---@field active? boolean false disables all that it owns
local ServiceUser = {}

---Deletes: `DELETE /service_users/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ServiceUser:delete(options) end

---Reads: `GET /service_users/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.ServiceUser?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ServiceUser:reload(options) end

---Changes: `PATCH /service_users/{id}`
---@param attributes ngrok.ServiceUserUpdate
---@param options? ngrok.CallOptions
---@return ngrok.ServiceUser?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ServiceUser:update(attributes, options) end

ServiceUser.created = require "ngrok.created"

---What `service_users.create` takes.
---@class ngrok.ServiceUserCreate
---@field name? string
---@field active? boolean false disables all that it owns

---What `service_users.update` takes.
---@class ngrok.ServiceUserUpdate
---@field name? string
---@field active? boolean false disables all that it owns

---@class ngrok.ServiceUserListing: ngrok.Listing
---@field next fun(self): ngrok.ServiceUser?, ngrok.Error?
---@field all fun(self): ngrok.ServiceUser[]?, ngrok.Error?
---@overload fun(): ngrok.ServiceUser?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.ServiceUserMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field name? string|string[]
---@field active? boolean|boolean[]

---@class ngrok.ServiceUsers
local ServiceUsers = {}

---Creates: `POST /service_users`
---@param attributes? ngrok.ServiceUserCreate
---@param options? ngrok.CallOptions
---@return ngrok.ServiceUser?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ServiceUsers:create(attributes, options) end

---Deletes: `DELETE /service_users/{id}`
---@param id string|ngrok.ServiceUser
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ServiceUsers:delete(id, options) end

---Reads: `GET /service_users/{id}`
---@param id string|ngrok.ServiceUser
---@param options? ngrok.CallOptions
---@return ngrok.ServiceUser?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ServiceUsers:get(id, options) end

---Lists, newest first: `GET /service_users`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.ServiceUserListing
function ServiceUsers:list(query, options) end

---Changes: `PATCH /service_users/{id}`
---@param id string|ngrok.ServiceUser
---@param attributes ngrok.ServiceUserUpdate
---@param options? ngrok.CallOptions
---@return ngrok.ServiceUser?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ServiceUsers:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.ServiceUserMatch
---@param options? ngrok.FindOptions
---@return ngrok.ServiceUser?
---@return ngrok.Error?
function ServiceUsers:find(match, options) end

---All that match, newest first.
---@param match ngrok.ServiceUserMatch
---@param options? ngrok.FindOptions
---@return ngrok.ServiceUser[]?
---@return ngrok.Error?
function ServiceUsers:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.ServiceUser?
---@return (ngrok.Response|ngrok.Error)?
function ServiceUsers:find_or_create(match, options) end

---@class ngrok.Client
---@field service_users ngrok.ServiceUsers
