---@meta ngrok
-- Types for editors, of everything public. Never loaded at run time.

---@class ngrok
---@field _VERSION string
local ngrok = {}

---@alias ngrok.Outcome
---| "not_sent" # the server never saw it
---| "unknown" # it may have been done
---| "rejected" # it was refused

---@alias ngrok.Kind "invalid"|"timeout"|"transport"|"api"|"decode"|"cancelled"

---@alias ngrok.Phase "validate"|"wait"|"resolve"|"connect"|"tls"|"send"|"receive"|"decode"

---What every operation returns as its second value when it fails.
---@class ngrok.Error
---@field kind ngrok.Kind
---@field phase ngrok.Phase
---@field outcome ngrok.Outcome
---@field message string one sentence; never the key, never a token
---@field operation string "credentials.create" and the like
---@field attempts integer how often the request was sent
---@field status? integer HTTP status
---@field code? string "ERR_NGROK_226" and the like
---@field operation_id? string what ngrok's support asks for
---@field details? table the API's own; none where the response had more than 64 KiB
---@field retry_after? number seconds to wait before asking again, by the server or by our own limiter
local Error = {}

---Is it one of these error codes?
---@param ... string
---@return boolean
function Error:is(...) end

---Does the thing asked for not exist?
---@return boolean
function Error:is_not_found() end

---A transport's response.
---@class ngrok.Response
---@field status integer
---@field headers? table<string, string|string[]> an array where one came several times
---@field body? string

---What a transport is to send.
---@class ngrok.Attempt
---@field method string
---@field url string
---@field headers table<string, string>
---@field body? string
---@field timeout number seconds left
---@field patience number seconds to wait for the first byte on a connection that was kept
---@field call_timeout number seconds that the call has for all attempts, for messages
---@field number integer 1 for the first try
---@field cancelled? true once nobody waits for it any more
---@field on_cancel? fun() set by the transport, and called then

---@alias ngrok.Manner
---| "timeout" # it took too long
---| "permanent" # another attempt would not help

---A response; or nil, a phase, a message, and perhaps a ngrok.Manner.
---@alias ngrok.Done fun(response: ngrok.Response?, phase: ngrok.Phase?, message: string?, manner: string?)

---Returns what it would call `done` with; or returns nothing and calls `done` later.
---@alias ngrok.Transport fun(attempt: ngrok.Attempt, done: ngrok.Done): ngrok.Response?, ...

---Seconds that an attempt spent; 0 where it had no part in it.
---@class ngrok.Timings
---@field resolve number
---@field connect number
---@field tls number
---@field first_byte number from when the request went out until the response began
---@field receive number
---@field total number

---What happens to a request.
---@class ngrok.Event
---@field name "submitted"|"waiting"|"attempt"|"retry"|"done"
---@field operation string "credentials.create" and the like
---@field request number counted by the client
---@field attempt integer how many have begun
---@field why? "max_in_flight"|"rate_limit"|"pause"|"backoff" what it waits for
---@field seconds? number it will wait; of attempt, it has waited; of done, the call took
---@field ok? boolean of done: whether the API says that it has done what was asked
---@field kind? ngrok.Kind what went wrong, of a retry and of done
---@field phase? ngrok.Phase
---@field outcome? ngrok.Outcome
---@field code? string "ERR_NGROK_226" and the like
---@field message? string
---@field status? integer HTTP status
---@field operation_id? string
---@field timings? ngrok.Timings of the last attempt; by the curl transport only

---A loop of the program's own; see docs/loops.md.
---@class ngrok.Loop
---@field wait fun(client: ngrok.Client, request: ngrok.Request) returns once the request is done
---@field watch fun(client: ngrok.Client) there is something to do, now or later
---@field spawn fun(fn: fun()): boolean, any runs a function in a coroutine; false and its error
---@field refusal? fun(client: ngrok.Client): string? why nobody can wait where this is called
---@field deafness? fun(client: ngrok.Client): string? why a callback set here would never come
---@field release? fun(client: ngrok.Client) the client's descriptor is about to be closed
---@field report? fun(text: string) tells of an error that nobody handles
---@field raises? boolean callbacks' errors are raised by the step

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

---A walk over a list, once. Call it in a `for`. Coroutines may share it: each item goes to one of them.
---@class ngrok.Listing
---@overload fun(): ngrok.Credential?
local Listing = {}

---The next item; nil at the end, however often it is called.
---@return ngrok.Credential?, ngrok.Error?
function Listing:next() end

---The items that are left. Raises after the end.
---@return ngrok.Credential[]?, ngrok.Error?
function Listing:all() end

---@return fun(): ngrok.Page?
function Listing:pages() end

function Listing:close() end

---A request under way.
---@class ngrok.Request
local Request = {}

---@return boolean
function Request:done() end

---Waits for what the operation returns.
---@return any, ngrok.Error?
function Request:result() end

---@return boolean
function Request:cancel() end

---For loop adapters: calls a function once, from the step that comes across the request's end.
---@param resume fun()
function Request:notify(resume) end

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

---Assigning to it raises, and so does reading a field that does not exist.
---@class ngrok.Client
---@field credentials ngrok.Credentials
local Client = {}

---The descriptor to watch for reading; nil where the transport has none.
---@return integer?
function Client:pollfd() end

---@return "r"
function Client:events() end

---Seconds until the client wants to be stepped; nil when idle.
---@return number?
function Client:timeout() end

---@param max_wait? number seconds that it may block; 0 for not at all
---@return integer completed
function Client:step(max_wait) end

---Requests under way.
---@return integer
function Client:pending() end

---A step that keeps callbacks' errors: for loop adapters that wait inside an operation.
---@param seconds number
---@return integer completed
function Client:advance(seconds) end

---For loop adapters: reports an error of a coroutine that they have resumed.
---@param err any
function Client:report(err) end

---For loop adapters: why nobody can wait where this is called.
---@param operation string
---@return ngrok.Error?
function Client:cannot_wait(operation) end

---For loop adapters: calls a function from the next step.
---@param fn fun()
function Client:defer(fn) end

---Makes `timeout` 0 and the descriptor readable, once.
function Client:wake() end

---Cancels what is under way. Closing twice does no harm.
function Client:close() end

---@param options? ngrok.ClientOptions
---@return ngrok.Client?, ngrok.Error?
function ngrok.client(options) end

---As `assert`, but raises the error's text at the caller's line: for nginx, whose log shows no error objects.
---@generic T
---@param value T?
---@param err? any
---@param ... any
---@return T
---@return any ...
function ngrok.check(value, err, ...) end

---@param value any
---@return boolean
function ngrok.is_error(value) end

---What an emulator was asked. The last four are known to a server only.
---@class ngrok.EmulatedRequest
---@field base_url? string under which it was asked, as the request's host names it
---@field method string
---@field path string
---@field query? string
---@field headers table<string, string> names in lower case
---@field body? string
---@field status? integer that it was answered with
---@field fault? string kind of the fault that it met
---@field protocol? "HTTP/1.1"|"HTTP/2"
---@field tls? string "TLSv1.3" and the like
---@field connection? integer the same for requests on one connection
---@field raw? string its head as it came; nil over HTTP/2

---@alias ngrok.AclRuleKind "domain"|"wildcard"|"address"|"label"

---What an emulated account pays for.
---@class ngrok.EmulatorPlan
---@field acl_rules? ngrok.AclRuleKind[] kinds of rule that it may use (all)
---@field owners? boolean false where a create may name no owner (true)

---@class ngrok.EmulatorRateLimit
---@field requests? integer in any window (120)
---@field window? number seconds (60)
---@field retry_after? boolean 429 has a Retry-After (false)

---Options of an emulated account, for `new` and `start`.
---@class ngrok.EmulatorAccountOptions
---@field api_key? string (a random one)
---@field read_only_key? string one more, that may not write
---@field owner_id? string who owns what names no owner (a random one)
---@field owners? string[]|table<string, string> ids, or ids by name, that a create may name (all)
---@field inactive_owners? string[] ids that a create may not name
---@field admin? boolean false where the key's user may name nobody but himself (true)
---@field plan? ngrok.EmulatorPlan
---@field rate_limit? ngrok.EmulatorRateLimit (no limit)
---@field max_simultaneous? integer requests at once (no limit)
---@field seed? number for repeatable ids
---@field keep_requests? integer how many `requests` remembers (1000)

---Options of the emulator's `new`.
---@class ngrok.EmulatorOptions: ngrok.EmulatorAccountOptions
---@field base_url? string (https://api.ngrok.com)
---@field clock? fun(): number seconds since 1970 (os.time)

---Options of the emulator's `start`.
---@class ngrok.EmulatorServerOptions: ngrok.EmulatorAccountOptions
---@field host? string name or address to listen at (127.0.0.1)
---@field port? integer to listen at (a free one)
---@field tls? boolean|ngrok.EmulatorTls true for https (false)
---@field http2? boolean HTTP/2 too; only with `tls` (false)
---@field nginx? string path of its binary
---@field openssl? string path of its binary

---A server that no client should talk to.
---@class ngrok.EmulatorTls
---@field certificate? "valid"|"expired"|"wrong_host"|"untrusted"
---@field protocols? string such as "TLSv1.1"; blanks between ("TLSv1.2 TLSv1.3")
---@field handshake? "complete"|"close"

---@alias ngrok.FaultKind
---| "delay" # the response comes late; of `new`, never
---| "status" # another status, with an error as its body
---| "reset_before" # the connection breaks, nothing is done
---| "reset_after" # it is done, and the connection breaks
---| "truncate" # the response is cut off
---| "oversize" # the response is too long
---| "content_type" # another type is declared
---| "html" # a page instead of JSON
---| "invalid_json"
---| "deep_json" # arrays in arrays
---| "empty" # no body
---| "body" # any response of one's own
---| "hang" # no response
---| "next_page_uri" # a list that goes on elsewhere

---How the next responses go wrong.
---@class ngrok.Fault
---@field kind ngrok.FaultKind
---@field count? number of requests; math.huge for all (1)
---@field after? number requests that are let through first (0)
---@field method? string it is for (all)
---@field path? string it is for, such as "/credentials" (all)
---@field processed? boolean whether the request is carried out all the same; each kind has its default
---@field seconds? number of delay (1)
---@field status? integer of status (503), html (200), body (200), empty (as it would have been)
---@field retry_after? number|string of status: the header
---@field format? "json"|"html"|"none" of status: its body ("json")
---@field message? string of status
---@field code? string of status: "ERR_NGROK_627" and the like
---@field at? integer of truncate: bytes that are sent (half of them)
---@field bytes? integer of oversize (32 MiB)
---@field content_type? string of content_type ("text/plain")
---@field depth? integer of deep_json (10000)
---@field headers? table<string, string> of body
---@field body? string of body ("")
---@field uri? string of next_page_uri (the same page again)

---An ngrok account in memory. One of `new` is a transport.
---@class ngrok.Emulator
---@field api_key string
---@field base_url string
---@field request? fun(self: ngrok.Emulator, request: table): table of `new`: the pure function
---@field ca_file? string of `start` with `tls`: whose certificates to trust
---@field stop? fun(self: ngrok.Emulator) of `start`: ends the server
---@field credentials fun(self: ngrok.Emulator): table[] what the account holds, newest first
---@field seed fun(self: ngrok.Emulator, n: integer, template?: table|function): table[] makes credentials
---@field requests fun(self: ngrok.Emulator): ngrok.EmulatedRequest[] what was asked
---@field misbehave fun(self: ngrok.Emulator, fault: ngrok.Fault): ngrok.Emulator the next responses go wrong
---@field reset fun(self: ngrok.Emulator) forgets all

---What `require "ngrok.emulator"` returns.
---@class ngrok.EmulatorModule
local emulator = {}

---An emulator in this process.
---@param options? ngrok.EmulatorOptions
---@return ngrok.Emulator
function emulator.new(options) end

---One behind real HTTP, in an nginx of its own; or nil and what is missing.
---@param options? ngrok.EmulatorServerOptions
---@return ngrok.Emulator?, string?
function emulator.start(options) end

return ngrok
