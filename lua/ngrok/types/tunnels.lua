---@meta
-- `make generate` writes this file, from lua/ngrok/api/tunnels.lua.

---A tunnel that an agent has started. Its fields cannot be assigned.
---@class ngrok.Tunnel: ngrok.Resource
---@field id string its id
---@field metadata? string of the agent
---@field public_url? string
---@field started_at? string when it began, RFC 3339
---@field proto? string "http", "https", "tcp" or "tls"
---@field region? string
---@field tunnel_session? ngrok.Ref
---@field endpoint? ngrok.Ref
---@field labels? table<string, string> of a tunnel for tunnel group backends
---@field backends ngrok.Ref[] tunnel group backends that it matches
---@field forwards_to? string where the agent forwards to
local Tunnel = {}

---Reads: `GET /tunnels/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.Tunnel?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Tunnel:reload(options) end

---@class ngrok.TunnelListing: ngrok.Listing
---@field next fun(self): ngrok.Tunnel?, ngrok.Error?
---@field all fun(self): ngrok.Tunnel[]?, ngrok.Error?
---@overload fun(): ngrok.Tunnel?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.TunnelMatch
---@field id? string|string[]
---@field metadata? string|string[]
---@field public_url? string|string[]
---@field started_at? ngrok.TimeCondition
---@field proto? string|string[]
---@field region? string|string[]
---@field forwards_to? string|string[]

---@class ngrok.Tunnels
local Tunnels = {}

---Reads: `GET /tunnels/{id}`
---@param id string|ngrok.Tunnel
---@param options? ngrok.CallOptions
---@return ngrok.Tunnel?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function Tunnels:get(id, options) end

---Lists, newest first: `GET /tunnels`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.TunnelListing
function Tunnels:list(query, options) end

---The newest that matches; nil where none does.
---@param match ngrok.TunnelMatch
---@param options? ngrok.FindOptions
---@return ngrok.Tunnel?
---@return ngrok.Error?
function Tunnels:find(match, options) end

---All that match, newest first.
---@param match ngrok.TunnelMatch
---@param options? ngrok.FindOptions
---@return ngrok.Tunnel[]?
---@return ngrok.Error?
function Tunnels:find_all(match, options) end

---@class ngrok.Client
---@field tunnels ngrok.Tunnels
