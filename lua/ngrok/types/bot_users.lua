---@meta
-- `make generate` writes this file, from lua/ngrok/api/bot_users.lua.

---A user for a program: it owns API keys and credentials. Now called a service user. Its fields cannot be assigned.
---@class ngrok.BotUser: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field name? string
---@field active? boolean false disables all that it owns
local BotUser = {}

---Deletes: `DELETE /bot_users/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BotUser:delete(options) end

---Reads: `GET /bot_users/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.BotUser?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BotUser:reload(options) end

---Changes: `PATCH /bot_users/{id}`
---@param attributes ngrok.BotUserUpdate
---@param options? ngrok.CallOptions
---@return ngrok.BotUser?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BotUser:update(attributes, options) end

BotUser.created = require "ngrok.created"

---What `bot_users.create` takes.
---@class ngrok.BotUserCreate
---@field name? string
---@field active? boolean false disables all that it owns

---What `bot_users.update` takes.
---@class ngrok.BotUserUpdate
---@field name? string
---@field active? boolean false disables all that it owns

---@class ngrok.BotUserListing: ngrok.Listing
---@field next fun(self): ngrok.BotUser?, ngrok.Error?
---@field all fun(self): ngrok.BotUser[]?, ngrok.Error?
---@overload fun(): ngrok.BotUser?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.BotUserMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field name? string|string[]
---@field active? boolean|boolean[]

---@class ngrok.BotUsers
local BotUsers = {}

---Creates: `POST /bot_users`
---@param attributes? ngrok.BotUserCreate
---@param options? ngrok.CallOptions
---@return ngrok.BotUser?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BotUsers:create(attributes, options) end

---Deletes: `DELETE /bot_users/{id}`
---@param id string|ngrok.BotUser
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BotUsers:delete(id, options) end

---Reads: `GET /bot_users/{id}`
---@param id string|ngrok.BotUser
---@param options? ngrok.CallOptions
---@return ngrok.BotUser?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BotUsers:get(id, options) end

---Lists, newest first: `GET /bot_users`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.BotUserListing
function BotUsers:list(query, options) end

---Changes: `PATCH /bot_users/{id}`
---@param id string|ngrok.BotUser
---@param attributes ngrok.BotUserUpdate
---@param options? ngrok.CallOptions
---@return ngrok.BotUser?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function BotUsers:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.BotUserMatch
---@param options? ngrok.FindOptions
---@return ngrok.BotUser?
---@return ngrok.Error?
function BotUsers:find(match, options) end

---All that match, newest first.
---@param match ngrok.BotUserMatch
---@param options? ngrok.FindOptions
---@return ngrok.BotUser[]?
---@return ngrok.Error?
function BotUsers:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.BotUser?
---@return (ngrok.Response|ngrok.Error)?
function BotUsers:find_or_create(match, options) end

---@class ngrok.Client
---@field bot_users ngrok.BotUsers
