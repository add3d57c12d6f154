---@meta
-- `make generate` writes this file, from lua/ngrok/option_table.lua.

---What `ngrok.client` takes.
---@class ngrok.ClientOptions
---@field api_key? string an API key of the account (`NGROK_API_KEY` of the environment)
---@field base_url? string may have a path (`NGROK_BASE_URL` of the environment, else `https://api.ngrok.com`)
---@field timeout? number seconds for an operation with all its attempts, from when it is admitted (30)
---@field connect_timeout? number seconds for each new connection (curl, resty only) (10)
---@field max_wait? number seconds that an operation may wait until the limits admit it (90)
---@field max_retries? integer how often an operation may be sent again (3)
---@field rate_limit? false|ngrok.RateLimit of all clients with this key; false for none (`{ requests = 120, window = 60 }`)
---@field max_in_flight? integer requests at once; others wait their turn (16)
---@field max_response_bytes? integer bytes of a response, after decompression (16 MiB)
---@field user_agent? string the header `User-Agent` (`ngrok-api-lua/…`)
---@field ca_file? string PEM file of the trusted authorities, for an https proxy too (curl only) (the system's)
---@field proxy? string a host, or a URL of http, https, socks4, socks4a, socks5 or socks5h (curl only) (for https `https_proxy`, `all_proxy` and `no_proxy` of the environment)
---@field allow_http? boolean plain http to hosts other than this one (`false`)
---@field transport? "auto"|"curl"|"resty"|ngrok.Transport|ngrok.Emulator what performs requests, see docs, Transports (`"auto"`)
---@field loop? "auto"|"block"|"uv"|"nginx"|"cqueues"|"tick"|ngrok.Loop where calls wait, see docs, Loops (`"auto"`)
---@field on_error? fun(err: any) gets errors that callbacks raise (the loop's own way, see docs, Loops)
---@field on_event? fun(event: ngrok.Event) gets the events of requests, see docs, Events (with `NGROK_DEBUG=1` in the environment: writes them to stderr)

---The rate limit that all clients with a key in the process keep to.
---@class ngrok.RateLimit
---@field requests? integer in any window; with a shared_dict 1000 at most (120)
---@field window? number seconds that a window lasts (60)
---@field shared_dict? string the `lua_shared_dict` in which nginx's workers share it

---The last argument of an operation.
---@class ngrok.CallOptions
---@field timeout? number seconds for an operation with all its attempts, from when it is admitted (the client's)
---@field max_wait? number seconds that an operation may wait until the limits admit it (the client's)
---@field max_retries? integer how often an operation may be sent again (the client's)
---@field validate? boolean false skips checks that a newer API may have relaxed: rules of acl, lengths (`true`)
---@field wait? boolean false returns a request at once: `request:done()`, `request:result()`, `request:cancel()` (`true`)
---@field on_done? fun(value: any, err: ngrok.Error?, response: ngrok.Response?) the same, and is called once, from a later step

---The last argument of `client:request`.
---@class ngrok.RequestOptions
---@field query? table of strings, numbers, booleans and arrays of them, by name; sent in the order of the names
---@field body? table|string of a POST, PUT or PATCH: JSON, or a table to be written as JSON, an empty one as an object (`{}`)
---@field timeout? number seconds for an operation with all its attempts, from when it is admitted (the client's)
---@field max_wait? number seconds that an operation may wait until the limits admit it (the client's)
---@field max_retries? integer how often an operation may be sent again (the client's)
---@field validate? boolean false skips checks that a newer API may have relaxed: rules of acl, lengths (`true`)
---@field wait? boolean false returns a request at once: `request:done()`, `request:result()`, `request:cancel()` (`true`)
---@field on_done? fun(value: any, err: ngrok.Error?, response: ngrok.Response?) the same, and is called once, from a later step

---The last argument of a list.
---@class ngrok.ListOptions
---@field timeout? number seconds for an operation with all its attempts, from when it is admitted (the client's)
---@field max_wait? number seconds that an operation may wait until the limits admit it (the client's)
---@field max_retries? integer how often an operation may be sent again (the client's)
---@field validate? boolean false skips checks that a newer API may have relaxed: rules of acl, lengths (`true`)
---@field prefetch? boolean ask for the next page ahead (`true`)

---The last argument of find, find_all and find_or_create.
---@class ngrok.FindOptions
---@field timeout? number seconds for an operation with all its attempts, from when it is admitted (the client's)
---@field max_wait? number seconds that an operation may wait until the limits admit it (the client's)
---@field max_retries? integer how often an operation may be sent again (the client's)
---@field validate? boolean false skips checks that a newer API may have relaxed: rules of acl, lengths (`true`)

---What `find_or_create` takes.
---@class ngrok.FindOrCreate
---@field match? table conditions by field, as of a filter
---@field create? table attributes, where nothing matches

---The second argument of `ngrok.each`.
---@class ngrok.EachOptions
---@field concurrency? integer how many items run at a time (8)
---@field stop? boolean true begins no more after the first failure (`false`)
---@field on_progress? fun(done: integer, total: integer?) is called after each item; `total` is nil where it is not known

---What a list is asked for.
---@class ngrok.ListQuery
---@field limit? integer items a page, 1 to 100
---@field before_id? string|ngrok.Resource only what was created before it
---@field filter? string|table a CEL expression, or conditions by field
---@field prefetch? boolean ask for the next page ahead (`true`)
---@field parallel? "auto"|integer|"auto" how many pages to ask for at once, of lists with a filter; `"auto"`: 8 (`1`)

---What `totable` and `tojson` take.
---@class ngrok.FormOptions
---@field token? boolean false leaves the token out (`true`)
