---@meta
-- `make generate` writes this file, from lua/ngrok/api/tunnel_sessions.lua.

---A running agent and its connection to ngrok. Its fields cannot be assigned.
---@class ngrok.TunnelSession: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field metadata? string of the agent
---@field agent_version? string
---@field credential? ngrok.Ref with which the agent connected
---@field ip? string from which the agent connects
---@field os? string
---@field region? string
---@field started_at? string when it began, RFC 3339
---@field transport? string the protocol between agent and ngrok: "ngrok/2" or "ssh"
local TunnelSession = {}

---Reads: `GET /tunnel_sessions/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.TunnelSession?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TunnelSession:reload(options) end

---Restarts the agent, which must be a process that its host starts again: `POST /tunnel_sessions/{id}/restart`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TunnelSession:restart(options) end

---Stops the agent: `POST /tunnel_sessions/{id}/stop`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TunnelSession:stop(options) end

---Has the agent update itself to the newest version: `POST /tunnel_sessions/{id}/update`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TunnelSession:update(options) end

---@class ngrok.TunnelSessionListing: ngrok.Listing
---@field next fun(self): ngrok.TunnelSession?, ngrok.Error?
---@field all fun(self): ngrok.TunnelSession[]?, ngrok.Error?
---@overload fun(): ngrok.TunnelSession?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.TunnelSessionMatch
---@field id? string|string[]
---@field metadata? string|string[]
---@field agent_version? string|string[]
---@field ip? string|string[]
---@field os? string|string[]
---@field region? string|string[]
---@field started_at? ngrok.TimeCondition
---@field transport? string|string[]

---@class ngrok.TunnelSessions
local TunnelSessions = {}

---Reads: `GET /tunnel_sessions/{id}`
---@param id string|ngrok.TunnelSession
---@param options? ngrok.CallOptions
---@return ngrok.TunnelSession?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TunnelSessions:get(id, options) end

---Lists, newest first: `GET /tunnel_sessions`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.TunnelSessionListing
function TunnelSessions:list(query, options) end

---Restarts the agent, which must be a process that its host starts again: `POST /tunnel_sessions/{id}/restart`
---@param id string|ngrok.TunnelSession
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TunnelSessions:restart(id, options) end

---Stops the agent: `POST /tunnel_sessions/{id}/stop`
---@param id string|ngrok.TunnelSession
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TunnelSessions:stop(id, options) end

---Has the agent update itself to the newest version: `POST /tunnel_sessions/{id}/update`
---@param id string|ngrok.TunnelSession
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function TunnelSessions:update(id, options) end

---The newest that matches; nil where none does.
---@param match ngrok.TunnelSessionMatch
---@param options? ngrok.FindOptions
---@return ngrok.TunnelSession?
---@return ngrok.Error?
function TunnelSessions:find(match, options) end

---All that match, newest first.
---@param match ngrok.TunnelSessionMatch
---@param options? ngrok.FindOptions
---@return ngrok.TunnelSession[]?
---@return ngrok.Error?
function TunnelSessions:find_all(match, options) end

---@class ngrok.Client
---@field tunnel_sessions ngrok.TunnelSessions
