---@meta

---@class ngrok.CredentialAttributes
---@field description? string at most 255 bytes
---@field metadata? string at most 4096 bytes
---@field acl? string[] rules: "*", "bind:…"
---@field owner_id? string for create only

---A tunnel credential. Its fields cannot be assigned.
---@class ngrok.Credential
---@field id string
---@field uri? string
---@field created_at? string RFC 3339
---@field description? string
---@field metadata? string
---@field token? string told by create, and by nothing after it
---@field acl string[] a fresh array each time; empty for no restrictions
---@field owner_id? string
local Credential = {}

---Changes what is named, here and on the server.
---@param attributes ngrok.CredentialAttributes
---@param options? ngrok.CallOptions
---@return ngrok.Credential?, ngrok.Error?
function Credential:update(attributes, options) end

---@param options? ngrok.CallOptions
---@return true?, ngrok.Error?
function Credential:delete(options) end

---Reads it again, in place.
---@param options? ngrok.CallOptions
---@return ngrok.Credential?, ngrok.Error?
function Credential:reload(options) end

---May an agent that uses this credential bind that name? Nil where it cannot be judged.
---@param name string a domain, a wildcard domain, host:port, or a label as key=value
---@return boolean?, ngrok.Error?
function Credential:permits(name) end

---A copy of all fields, the token included.
---@param options? ngrok.FormOptions
---@return table
function Credential:totable(options) end

---All fields as JSON, the token included.
---@param options? ngrok.FormOptions
---@return string
function Credential:tojson(options) end

---@class ngrok.Page
---@field [integer] ngrok.Credential
---@field uri? string
---@field next_page_uri? string
local Page = {}

---The page as JSON, as the API writes it.
---@param options? ngrok.FormOptions
---@return string
function Page:tojson(options) end

---@class ngrok.Credentials
local Credentials = {}

---@param attributes? ngrok.CredentialAttributes
---@param options? ngrok.CallOptions
---@return ngrok.Credential?, ngrok.Error?
function Credentials:create(attributes, options) end

---@param id string
---@param options? ngrok.CallOptions
---@return ngrok.Credential?, ngrok.Error?
function Credentials:get(id, options) end

---@param id string
---@param attributes ngrok.CredentialAttributes
---@param options? ngrok.CallOptions
---@return ngrok.Credential?, ngrok.Error?
function Credentials:update(id, attributes, options) end

---@param id string
---@param options? ngrok.CallOptions
---@return true?, ngrok.Error?
function Credentials:delete(id, options) end

---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.Listing
function Credentials:list(query, options) end

---@class ngrok.Client
---@field credentials ngrok.Credentials
