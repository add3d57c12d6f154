--- Every option, described once. From here come the checks and their messages, the defaults, what a transport
-- refuses, the types for editors and the tables of docs/calls.md (`make generate` writes these two).
--
-- An option has a `name`, a `type` (of Lua, or "callable", "adapter", "id" or "table or string") and a `text`
-- for people. It may have
--   `whole`, `above`, `least`, `most`: what a number must be, and its `unit`
--   `choices`: values that it may be instead
--   `noun`: words for a value of its type, where the type does not say enough
--   `editor`: its type in LuaCATS, where that is not a Lua type
--   `default`, and `default_text` where there is none or where people read it differently
--   `header`: whether it must be one line that is not empty
--   `transports`: those that honour it, where not all do

local timeout = {
  name = "timeout", type = "number", above = 0, unit = "seconds", default = 30,
  text = "for an operation with all its attempts, from when it is admitted",
}

local max_wait = {
  name = "max_wait", type = "number", least = 0, unit = "seconds", default = 90,
  text = "that an operation may wait until the limits admit it",
}

local max_retries = {
  name = "max_retries", type = "number", whole = true, least = 0, most = 100, default = 3,
  text = "how often an operation may be sent again",
}

local validate = {
  name = "validate", type = "boolean", default = true,
  text = "false skips checks that a newer API may have relaxed: rules of acl, lengths",
}

local prefetch = { name = "prefetch", type = "boolean", default = true, text = "ask for the next page ahead" }

local call = {
  timeout,
  max_wait,
  max_retries,
  validate,
  {
    name = "wait", type = "boolean", default = true,
    text = "false returns a request at once: `request:done()`, `request:result()`, `request:cancel()`",
  },
  {
    name = "on_done", type = "function",
    editor = "fun(value: any, err: ngrok.Error?, response: ngrok.Response?)",
    text = "the same, and is called once, from a later step",
  },
}

local request = {
  {
    name = "query", type = "table",
    text = "of strings, numbers, booleans and arrays of them, by name; sent in the order of the names",
  },
  {
    name = "body", type = "table or string", noun = "a table or a string", editor = "table|string",
    default_text = "`{}`",
    text = "of a POST, PUT or PATCH: JSON, or a table to be written as JSON, an empty one as an object",
  },
}
for _, one in ipairs(call) do
  request[#request + 1] = one
end

local largest = 2 ^ 31

local rate_limit = {
  {
    name = "requests", type = "number", whole = true, least = 1, most = 1e6, default = 120,
    text = "in any window; with a shared_dict 1000 at most",
  },
  {
    name = "window", type = "number", above = 0, most = 86400, unit = "seconds", default = 60,
    text = "that a window lasts",
  },
  { name = "shared_dict", type = "string", text = "the `lua_shared_dict` in which nginx's workers share it" },
}

return {
  client = {
    {
      name = "api_key", type = "string", default_text = "`NGROK_API_KEY` of the environment",
      text = "an API key of the account",
    },
    {
      name = "base_url", type = "string", default = "https://api.ngrok.com",
      default_text = "`NGROK_BASE_URL` of the environment, else `https://api.ngrok.com`",
      text = "may have a path",
    },
    timeout,
    {
      name = "connect_timeout", type = "number", above = 0, unit = "seconds", default = 10,
      text = "for each new connection", transports = { "curl", "resty" },
    },
    max_wait,
    max_retries,
    {
      name = "rate_limit", type = "table", choices = { false }, editor = "ngrok.RateLimit",
      noun = "a table of requests, window and shared_dict",
      default_text = "`{ requests = 120, window = 60 }`",
      text = "of all clients with this key; false for none",
    },
    {
      name = "max_in_flight", type = "number", whole = true, least = 1, most = largest, default = 16,
      text = "requests at once; others wait their turn",
    },
    {
      name = "max_response_bytes", type = "number", whole = true, least = 1, most = largest, unit = "bytes",
      default = 16 * 1024 * 1024, default_text = "16 MiB", text = "of a response, after decompression",
    },
    {
      name = "user_agent", type = "string", header = true, default_text = "`ngrok-api-lua/…`",
      text = "the header `User-Agent`",
    },
    {
      name = "ca_file", type = "string", header = true, default_text = "the system's",
      text = "PEM file of the trusted authorities, for an https proxy too", transports = { "curl" },
    },
    {
      name = "proxy", type = "string", header = true,
      default_text = "for https `https_proxy`, `all_proxy` and `no_proxy` of the environment",
      text = "a host, or a URL of http, https, socks4, socks4a, socks5 or socks5h", transports = { "curl" },
    },
    {
      name = "allow_http", type = "boolean", default = false,
      text = "plain http to hosts other than this one",
    },
    {
      name = "transport", type = "callable", choices = { "auto", "curl", "resty" }, default = "auto",
      noun = "a function (or an emulator of emulator.new)", editor = "ngrok.Transport|ngrok.Emulator",
      text = "what performs requests, see [Transports](#transports)",
    },
    {
      name = "loop", type = "adapter", choices = { "auto", "block", "uv", "nginx", "cqueues", "tick" },
      default = "auto", noun = "a table of wait, watch and spawn", editor = "ngrok.Loop",
      text = "where calls wait, see [Loops](loops.md)",
    },
    {
      name = "on_error", type = "function", editor = "fun(err: any)",
      default_text = "the loop's own way, see [Loops](loops.md)",
      text = "gets errors that callbacks raise",
    },
    {
      name = "on_event", type = "function", editor = "fun(event: ngrok.Event)",
      default_text = "with `NGROK_DEBUG=1` in the environment: writes them to stderr",
      text = "gets the events of requests, see [Events](#events)",
    },
  },

  rate_limit = rate_limit,

  call = call,

  request = request,

  list = { timeout, max_wait, max_retries, validate, prefetch },

  find = { timeout, max_wait, max_retries, validate },

  find_or_create = {
    { name = "match", type = "table", text = "conditions by field, as of a filter" },
    { name = "create", type = "table", text = "attributes, where nothing matches" },
  },

  each = {
    {
      name = "concurrency", type = "number", editor = "integer", whole = true, least = 1, most = 1000,
      default = 8, text = "how many items run at a time",
    },
    {
      name = "stop", type = "boolean", default = false,
      text = "true begins no more after the first failure",
    },
    {
      name = "on_progress", type = "function", editor = "fun(done: integer, total: integer?)",
      text = "is called after each item; `total` is nil where it is not known",
    },
  },

  query = {
    { name = "limit", type = "number", editor = "integer", text = "items a page, 1 to 100" },
    {
      name = "before_id", type = "id", noun = "a string or an object", editor = "string|ngrok.Resource",
      text = "only what was created before it",
    },
    {
      name = "filter", type = "table or string", noun = "a CEL expression or a table of conditions",
      editor = "string|table", text = "a CEL expression, or conditions by field",
    },
    prefetch,
    {
      name = "parallel", type = "number", whole = true, least = 1, most = 16, choices = { "auto" },
      editor = 'integer|"auto"', default = 1, default_text = "`1`",
      text = "how many pages to ask for at once, of lists with a filter; `\"auto\"`: 8",
    },
  },

  form = { { name = "token", type = "boolean", default = true, text = "false leaves the token out" } },
}
