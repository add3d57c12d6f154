---@meta
-- `make generate` writes this file, from lua/ngrok/api/reserved_addrs.lua.

---A TCP address that only this account can listen on. Its fields cannot be assigned.
---@class ngrok.ReservedAddr: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field addr? string "host:port"
---@field region? string of ngrok: "us" unless given
local ReservedAddr = {}

---Deletes: `DELETE /reserved_addrs/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ReservedAddr:delete(options) end

---Reads: `GET /reserved_addrs/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.ReservedAddr?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ReservedAddr:reload(options) end

---Changes: `PATCH /reserved_addrs/{id}`
---@param attributes ngrok.ReservedAddrUpdate
---@param options? ngrok.CallOptions
---@return ngrok.ReservedAddr?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ReservedAddr:update(attributes, options) end

ReservedAddr.created = require "ngrok.created"

---What `reserved_addrs.create` takes.
---@class ngrok.ReservedAddrCreate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field region? string of ngrok: "us" unless given

---What `reserved_addrs.update` takes.
---@class ngrok.ReservedAddrUpdate
---@field description? string for people: what it is
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes

---@class ngrok.ReservedAddrListing: ngrok.Listing
---@field next fun(self): ngrok.ReservedAddr?, ngrok.Error?
---@field all fun(self): ngrok.ReservedAddr[]?, ngrok.Error?
---@overload fun(): ngrok.ReservedAddr?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.ReservedAddrMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field addr? string|string[]
---@field region? string|string[]

---@class ngrok.ReservedAddrs
local ReservedAddrs = {}

---Creates: `POST /reserved_addrs`
---@param attributes? ngrok.ReservedAddrCreate
---@param options? ngrok.CallOptions
---@return ngrok.ReservedAddr?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ReservedAddrs:create(attributes, options) end

---Deletes: `DELETE /reserved_addrs/{id}`
---@param id string|ngrok.ReservedAddr
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ReservedAddrs:delete(id, options) end

---Reads: `GET /reserved_addrs/{id}`
---@param id string|ngrok.ReservedAddr
---@param options? ngrok.CallOptions
---@return ngrok.ReservedAddr?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ReservedAddrs:get(id, options) end

---Lists, newest first: `GET /reserved_addrs`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.ReservedAddrListing
function ReservedAddrs:list(query, options) end

---Changes: `PATCH /reserved_addrs/{id}`
---@param id string|ngrok.ReservedAddr
---@param attributes ngrok.ReservedAddrUpdate
---@param options? ngrok.CallOptions
---@return ngrok.ReservedAddr?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function ReservedAddrs:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.ReservedAddrMatch
---@param options? ngrok.FindOptions
---@return ngrok.ReservedAddr?
---@return ngrok.Error?
function ReservedAddrs:find(match, options) end

---All that match, newest first.
---@param match ngrok.ReservedAddrMatch
---@param options? ngrok.FindOptions
---@return ngrok.ReservedAddr[]?
---@return ngrok.Error?
function ReservedAddrs:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.ReservedAddr?
---@return (ngrok.Response|ngrok.Error)?
function ReservedAddrs:find_or_create(match, options) end

---@class ngrok.Client
---@field reserved_addrs ngrok.ReservedAddrs
