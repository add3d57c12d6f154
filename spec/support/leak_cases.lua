--- All that a program gets to see of a client, in every way that things can go well or wrong, where
-- servers, transports and the program's own mistakes repeat the key or a token.
--
-- Each case has a `name` and `play(stage)`: `stage.show(value)` takes what was seen,
-- `stage.fresh_emulator()` is one behind HTTP, `stage.raw` a server that responds as a case sets.
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"
local raw_server = require "spec.support.raw_server"
local secrets = require "spec.support.secrets"

local leak_cases = {}

--- The secrets. Of a token all but its first part is one: that is the credential's id.
leak_cases.key = "2TMGGKeyCanary7Qz8Xw6Ub4Ta2_Jk5Hs4Gf3Dp2Lm1Nz9Bx8Vc"
leak_cases.token_secret = "Zm3Xn5Yp7Wq9Vr2Us4Tt6"
leak_cases.token = "2TMGGL7UOvE5IkjdLwjKrOlUJm3_" .. leak_cases.token_secret
leak_cases.password = "PwCanary5Ri8Ol3Wk6" -- of a proxy

-- A token is known by the ten characters that follow its underscore.
local watched = { leak_cases.key, leak_cases.token_secret:sub(1, 10), leak_cases.password }

--- Raises when a text shows a secret, in any form that is redacted.
---@param text string
function leak_cases.check(text)
  for _, secret in ipairs(watched) do
    local found = secrets.trace(text, secret)
    if found then
      error(("a secret is in %q"):format(found), 0)
    end
  end
end

local key, token, password = leak_cases.key, leak_cases.token, leak_cases.password

local function escaped_in_part(text)
  return (text:gsub("_", "%%5f"):gsub("a", "\\u0061"))
end

-- How a server may repeat the key.
local key_forms = {
  ["as it is"] = key,
  ["twice"] = key .. key,
  ["in a word, and again"] = "Bearer:" .. key .. "!" .. key .. "," .. key .. "/" .. key,
  ["in upper case"] = key:upper(),
  ["in lower case"] = key:lower(),
  ["with a NUL on either side"] = "\0" .. key .. "\0",
  ["percent-encoded"] = secrets.percent(key),
  ["percent-encoded in lower case"] = secrets.percent(key):lower(),
  ["JSON-escaped"] = secrets.json_escaped(key),
  ["JSON-escaped twice"] = (secrets.json_escaped(key):gsub("\\", "\\\\")),
  ["escaped for Markdown"] = secrets.markdown(key),
  ["escaped for Markdown, and that for JSON"] = (secrets.markdown(key):gsub("\\", "\\\\")),
  ["escaped in part"] = escaped_in_part(key),
}

-- And a token, of which it is the look that is known.
local token_forms = {
  ["as it is"] = token,
  ["in lower case"] = token:lower(),
  ["cut off"] = token:sub(1, 40) .. "...",
  ["percent-encoded"] = secrets.percent(token),
  ["JSON-escaped"] = secrets.json_escaped(token),
  ["escaped for Markdown"] = secrets.markdown(token),
  ["escaped for Markdown, and that for JSON"] = (secrets.markdown(token):gsub("\\", "\\\\")),
  ["escaped in part"] = escaped_in_part(token),
}

local function json_string(text)
  return '"' .. text:gsub('[%c"\\]', function(character)
    return ("\\u%04x"):format(character:byte())
  end) .. '"'
end

-- What the API says when it refuses, with `form` wherever it may be.
local function refusal(form, status)
  local said = json_string(form)
  local body = '{"error_code":%s,"status_code":401,"msg":%s,'
    .. '"details":{"operation_id":%s,"deep":{"er":["x",%s,{%s:1}]},%s:"y"}}'
  return {
    status = status or 401,
    headers = { ["content-type"] = form, ["ngrok-operation-id"] = form, ["retry-after"] = form },
    body = body:format(said, json_string("No such key: " .. form), said, said, said, said),
  }
end

-- A good response but for what is changed, with a token in it.
local function created(pattern, replacement)
  local body = ('{"id":"cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3","uri":"","created_at":"2023-07-31T23:17:18Z",'
    .. '"description":null,"metadata":"","token":"%s","acl":[],"owner_id":"usr_1"}'):format(token)
  if pattern then
    local count
    body, count = body:gsub(pattern, replacement)
    assert(count == 1, "the response has no " .. pattern)
  end
  return body
end

local function page(uri)
  return ('{"credentials":[{"id":"cr_1","acl":[]}],"uri":%s,"next_page_uri":%s}'):format(json_string(uri),
    json_string(uri))
end

-- Bodies that are neither a credential nor a page.
local broken = {
  ["a token in JSON that is cut off"] = created():sub(1, -30),
  ["a token in JSON that goes on"] = created() .. "x",
  ["a token that is not a string"] = created('"token":("[^"]+")', '"token":[%1]'),
  ["a token for an id"] = created('"id":"[^"]+"', '"id":["' .. token .. '"]'),
  ["the key and no JSON"] = "Authorization: Bearer " .. key,
  ["the key in HTML"] = "<html><body><h1>No</h1><pre>" .. key .. "\n" .. token .. "</pre></body></html>",
  ["the key for a page"] = '{"credentials":"' .. key .. '","next_page_uri":"' .. key .. '"}',
  ["the key for the address of a page"] = page("https://evil.example/credentials?key=" .. key),
  ["the key for a name"] = '{"' .. key .. '":{"' .. token .. '":null},"id":7}',
}

-- ---- what a program does ------------------------------------------------------------------------

local function options_of(stage, given)
  local log = ngrok.logger(stage.show)
  local options = { api_key = key, max_retries = 0, rate_limit = false, on_event = function(event)
    stage.show(event)
    log(event)
  end }
  for name, value in pairs(given) do
    options[name] = value
  end
  return options
end

-- Makes a client, shows what it is called and what it gives, and closes it, all with `use(client)`.
local function with_client(stage, given, use)
  local client, err = ngrok.client(options_of(stage, given))
  if not client then
    return stage.show(err)
  end
  stage.show(tostring(client))
  stage.show(tostring(client.credentials))
  use(client, client.credentials)
  local fine, raised = pcall(client.close, client)
  stage.show(fine or raised)
  stage.show(tostring(client))
end

-- A credential shows no more than its name: its fields are what was asked for.
local function show_result(stage, value, err)
  stage.show(type(value) == "userdata" and tostring(value) or type(value))
  if err ~= nil then
    stage.show(err)
  end
end

local function show_raised(stage, call, ...)
  local fine, raised = pcall(call, ...)
  stage.show(fine or raised)
end

-- Every operation once, each with `before` it: what goes wrong is of the transport's making.
local function operate(stage, client, before)
  local credentials = client.credentials
  local function step(call, ...)
    before(client)
    local value, err = call(...)
    show_result(stage, value, err)
    return value
  end
  local id = "cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3"
  local credential = step(credentials.create, credentials, { description = "d", metadata = token })
  step(credentials.get, credentials, credential and credential.id or id)
  step(credentials.update, credentials, credential and credential.id or id, { metadata = key })
  if credential then
    step(credential.update, credential, { description = "e" })
    step(credential.reload, credential)
    step(credential.delete, credential)
    stage.show(tostring(credential))
  end
  step(credentials.delete, credentials, id)
  local listing = credentials:list({ limit = 2, filter = 'obj.metadata == "' .. key .. '"' })
  step(listing.next, listing)
  stage.show(tostring(listing))
  show_raised(stage, step, listing.all, listing) -- it may have been walked to its end
  before(client)
  show_raised(stage, function()
    for pages in credentials:list():pages() do
      stage.show(tostring(pages))
    end
  end)
  before(client)
  show_raised(stage, function()
    for item in credentials:list() do
      stage.show(tostring(item))
    end
  end)
end

local function nothing() end

-- ---- cases ---------------------------------------------------------------------------------------

local cases = {}

local function case(name, play)
  cases[#cases + 1] = { name = name, play = play }
end

case("operations that go well, in process", function(stage)
  local emu = emulator.new { api_key = key }
  emu:seed(5)
  with_client(stage, { transport = emu }, function(client)
    operate(stage, client, nothing)
  end)
end)

case("operations that go well, over HTTP", function(stage)
  local emu = stage.fresh_emulator()
  emu:seed(5)
  with_client(stage, { base_url = emu.base_url }, function(client)
    operate(stage, client, nothing)
  end)
end)

-- Responses are the transport's; over HTTP the emulator gives the same.
local function answered(name, response)
  case(name .. ", in process", function(stage)
    with_client(stage, { transport = function() return response end }, function(client)
      operate(stage, client, nothing)
    end)
  end)
end

local function answered_over_http(name, response)
  case(name .. ", over HTTP", function(stage)
    local emu = stage.fresh_emulator()
    with_client(stage, { base_url = emu.base_url }, function(client)
      emu:misbehave {
        kind = "body", count = 100,
        status = response.status, headers = response.headers, body = response.body,
      }
      operate(stage, client, nothing)
    end)
  end)
end

for name, form in pairs(key_forms) do
  answered("a refusal with the key " .. name, refusal(form))
  answered("a failure with the key " .. name, refusal(form, 500))
end

for name, form in pairs(token_forms) do
  answered("a refusal with a token " .. name, refusal(form))
end

for name, body in pairs(broken) do
  for _, status in ipairs { 200, 201, 404, 502 } do
    answered(("a %d with %s"):format(status, name), {
      status = status, headers = { ["content-type"] = key, ["ngrok-operation-id"] = token }, body = body,
    })
  end
  answered_over_http("a success with " .. name, { status = 201, headers = {}, body = body })
end

for name, id in pairs { ["the key"] = key, ["a token"] = token } do
  answered("a success with " .. name .. " for an id", {
    status = 200, headers = { ["ngrok-operation-id"] = id },
    body = created('"id":"[^"]+"', '"id":"' .. id .. '"'),
  })
end

-- So long that it comes in pieces.
answered_over_http("a success with a token before much else", {
  status = 201, headers = {}, body = created('"usr_1"', '"' .. ("x"):rep(40000) .. '"'),
})

for _, status in ipairs { 301, 302, 303, 307, 308 } do
  local to = "https://evil.example/credentials?key=" .. key .. "#" .. token
  answered_over_http("a redirect " .. status .. " to the key", {
    status = status, headers = { location = to }, body = '<a href="' .. to .. '">moved</a>',
  })
end

answered_over_http("a refusal with the key", {
  status = 401, headers = { ["content-type"] = "text/" .. key, ["ngrok-operation-id"] = key },
  body = '{"msg":"' .. key .. '","details":{"token":"' .. token .. '"}}',
})

local faults = {
  { kind = "status", status = 429, message = "slow down, " .. key },
  { kind = "status", status = 503, format = "html" },
  { kind = "status", status = 500, format = "none" },
  { kind = "reset_before" },
  { kind = "reset_after" },
  { kind = "truncate" },
  { kind = "truncate", at = 200 },
  { kind = "oversize", bytes = 8192 },
  { kind = "content_type", content_type = key },
  { kind = "html", status = 201 },
  { kind = "invalid_json" },
  { kind = "deep_json" },
  { kind = "empty", status = 201 },
  { kind = "next_page_uri", uri = "https://evil.example/credentials?" .. key },
  { kind = "next_page_uri" },
}

for _, fault in ipairs(faults) do
  local name = "the fault " .. fault.kind .. (fault.status and " " .. fault.status or fault.at or "")
  case(name, function(stage)
    local emu = stage.fresh_emulator()
    emu:seed(3)
    local description = { count = 100 }
    for field, value in pairs(fault) do
      description[field] = value
    end
    local given = {
      base_url = emu.base_url, max_response_bytes = 4096,
      rate_limit = { requests = 1000, window = 0.2 }, -- the pauses after a 429 are short
    }
    with_client(stage, given, function(client)
      emu:misbehave(description)
      operate(stage, client, nothing)
    end)
  end)
end

case("a server that never responds", function(stage)
  local emu = stage.fresh_emulator()
  with_client(stage, { base_url = emu.base_url, timeout = 0.02 }, function(client)
    emu:misbehave { kind = "hang", count = 100 }
    show_result(stage, client.credentials:create { metadata = token })
    show_result(stage, client.credentials:get(key))
  end)
end)

local raw_responses = {
  ["the key for a reason"] = "HTTP/1.1 401 Bearer " .. key .. "\r\nContent-Length: 0\r\n\r\n",
  ["the key for a status"] = "HTTP/1.1 " .. key .. "\r\n\r\n",
  ["the key for a header"] = "HTTP/1.1 401 No\r\n" .. key .. ": " .. token .. "\r\nContent-Length: 0\r\n\r\n",
  ["the key for a header's value"] = "HTTP/1.1 401 No\r\nContent-Length: " .. key .. "\r\n\r\n",
  ["the key for an encoding"] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" .. key,
  ["the key for a chunk's length"] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" .. key .. "\r\n",
  ["the key before the status"] = key .. "\r\nHTTP/1.1 200 OK\r\n\r\n",
  ["a token, and then nothing"] = "HTTP/1.1 201 Created\r\nContent-Length: 4000\r\n\r\n" .. created(),
  ["headers without an end"] = "HTTP/1.1 200 OK\r\n" .. ("X-Key: " .. key .. "\r\n"):rep(10),
}

for name, bytes in pairs(raw_responses) do
  case("a response that has " .. name, function(stage)
    stage.raw:respond(bytes)
    with_client(stage, { base_url = stage.raw.base_url, timeout = 5 }, function(client)
      show_result(stage, client.credentials:create())
      show_result(stage, client.credentials:get("cr_1"))
    end)
  end)
end

-- Nobody listens on port 1, and .invalid has no names.
local unreachable = {
  ["a host that has no address"] = { base_url = "https://api.invalid/" .. key },
  ["a host that refuses"] = { base_url = "http://127.0.0.1:1/" .. key },
  ["a host that refuses, by TLS"] = { base_url = "https://127.0.0.1:1/" .. key },
  ["a proxy that has no address"] = {
    base_url = "https://api.invalid", proxy = "http://" .. key .. ":" .. password .. "@proxy.invalid:1",
  },
  ["a proxy that refuses"] = {
    base_url = "https://api.invalid", proxy = "http://user:" .. password .. "@127.0.0.1:1",
  },
  ["a proxy whose address is none"] = {
    base_url = "https://api.invalid", proxy = "http://user:" .. password .. "@host:99999",
  },
  ["a proxy of an unknown kind"] = {
    base_url = "https://api.invalid", proxy = "gopher://user:" .. password .. "@127.0.0.1:1",
  },
  ["a SOCKS proxy that refuses"] = {
    base_url = "https://api.invalid", proxy = "socks5h://user:" .. password .. "@127.0.0.1:1",
  },
}

for name, given in pairs(unreachable) do
  case(name, function(stage)
    with_client(stage, given, function(client)
      show_result(stage, client.credentials:create { metadata = token })
      show_result(stage, client.credentials:list():next())
    end)
  end)
end

case("plain HTTP where TLS was expected", function(stage)
  local base_url = stage.fresh_emulator().base_url:gsub("^http:", "https:") .. "/" .. key
  with_client(stage, { base_url = base_url }, function(client)
    show_result(stage, client.credentials:create())
  end)
end)

case("a proxy that wants another password", function(stage)
  stage.raw:respond("HTTP/1.1 407 " .. password .. "\r\nProxy-Authenticate: Basic realm=\"" .. key
    .. "\"\r\nContent-Length: 0\r\n\r\n")
  local proxy = stage.raw.base_url:gsub("//", "//" .. key .. ":" .. password .. "@")
  with_client(stage, { base_url = "https://api.invalid", proxy = proxy }, function(client)
    show_result(stage, client.credentials:create())
  end)
end)

-- Transports of the program's own.
local transports = {
  ["raises the key"] = function(attempt) error("bad header " .. attempt.headers.Authorization) end,
  ["raises all that it got"] = function(attempt)
    error(setmetatable({}, {
      __tostring = function() return attempt.headers.Authorization .. (attempt.body or "") end,
    }))
  end,
  ["fails with the key"] = function(attempt)
    return nil, "send", "could not send " .. attempt.headers.Authorization
  end,
  ["fails in no phase with the key"] = function(attempt) return nil, attempt.headers.Authorization end,
  ["fails by done with the key"] = function(attempt, done)
    done(nil, "tls", attempt.headers.Authorization)
  end,
  ["responds with no table"] = function(attempt) return attempt.headers.Authorization end,
  ["responds without a status"] = function(attempt) return { status = attempt.headers.Authorization } end,
  ["responds with a body of another type"] = function(attempt) return { status = 200, body = attempt } end,
  ["responds with what it got"] = function(attempt)
    local said = json_string(attempt.headers.Authorization)
    return { status = 400, headers = attempt.headers, body = '{"msg":' .. said .. "}" }
  end,
  ["responds with headers of all kinds"] = function()
    local headers = { [key] = key, [1] = token, ["Retry-After"] = key, ["Content-Type"] = token }
    return { status = 400, headers = headers }
  end,
}

for name, transport in pairs(transports) do
  case("a transport that " .. name, function(stage)
    with_client(stage, { transport = transport }, function(client)
      operate(stage, client, nothing)
    end)
  end)
end

-- Callbacks raise the error that they got; what they say themselves is theirs, but for stderr.
case("errors of callbacks that go to on_error", function(stage)
  local given = { transport = function() return refusal(key) end, on_error = stage.show }
  with_client(stage, given, function(client, credentials)
    for _ = 1, 3 do
      local handle = credentials:create({}, { on_done = function(_, err) error(err) end })
      stage.show(tostring(handle))
    end
    credentials:get("no id", { on_done = function(_, err) error(tostring(err)) end })
    client:step(0)
  end)
end)

case("errors of callbacks that are raised, or written to stderr", function(stage)
  with_client(stage, { transport = function() return refusal(key) end }, function(client, credentials)
    for _ = 1, 3 do
      credentials:create({}, { on_done = function(_, err) error(err) end })
      credentials:create({}, { on_done = function(_, err) stage.show(err) end })
    end
    while client:pending() > 0 do
      show_raised(stage, client.step, client, 0)
    end
    local count = 0
    for _ = 1, 3 do
      credentials:create({}, { on_done = function()
        count = count + 1
        error(count == 1 and "the first is the program's" or "callback knows " .. key .. " and " .. token, 0)
      end })
    end
    show_raised(stage, client.step, client, 0)
  end)
end)

case("requests that are cancelled, and a client that is closed", function(stage)
  local emu = stage.fresh_emulator()
  for _, given in ipairs {
    { transport = function() end }, { base_url = emu.base_url }, { base_url = "http://127.0.0.1:1" },
  } do
    emu:misbehave { kind = "hang", count = 100 }
    with_client(stage, given, function(client, credentials)
      local handles = {}
      for index = 1, 3 do
        handles[index] = credentials:create({ metadata = token }, { wait = false })
        stage.show(tostring(handles[index]))
      end
      handles[1]:cancel()
      show_result(stage, handles[1]:result())
      credentials:create({}, { on_done = function(_, err) stage.show(err) end })
      client:close()
      show_result(stage, handles[2]:result())
      show_result(stage, handles[3]:result())
      show_result(stage, credentials:get(key))
      show_result(stage, credentials:list({ filter = key }):all())
      show_raised(stage, credentials.update, credentials, "cr_1", { [key] = 1 })
    end)
  end
end)

case("a response that is read when the client is closed", function(stage)
  with_client(stage, { transport = function() return refusal(key) end }, function(client, credentials)
    local handle = credentials:create({}, { wait = false })
    client:close()
    show_result(stage, handle:result())
  end)
end)

case("clients that cannot be made", function(stage)
  local function try(given)
    show_raised(stage, function()
      local client, err = ngrok.client(given)
      if client then
        stage.show(tostring(client))
        client:close()
      else
        stage.show(err)
      end
    end)
  end
  try(key)
  try { key }
  try { [key] = true }
  try { api_key = key, [token] = 1 }
  for _, bad in ipairs { key .. "\n", key .. " ", key .. "\0", key .. "\195\169", " " .. key } do
    try { api_key = bad }
  end
  for _, name in ipairs { "timeout", "max_wait", "max_retries", "rate_limit", "max_in_flight", "allow_http",
    "transport", "loop", "on_error", "on_event", "max_response_bytes", "connect_timeout" } do
    try { api_key = key, [name] = key }
    try { api_key = key, [name] = { [key] = key } }
  end
  for _, url in ipairs { "https://" .. key .. "@api.ngrok.com", "https://user:" .. key .. "@api.ngrok.com",
    key, "https://api.ngrok.com/?key=" .. key, "https://api.ngrok.com/" .. key .. " x", "http://" .. key,
    "https://api.ngrok.com:" .. key, "https://api.ngrok.com/" .. key } do
    try { api_key = key, base_url = url }
  end
  for _, name in ipairs { "ca_file", "user_agent", "proxy" } do
    try { api_key = key, [name] = key .. "\n" }
    try { api_key = key, [name] = key }
    try { api_key = "another", [name] = token }
  end
end)

case("arguments in the wrong place", function(stage)
  with_client(stage, { transport = emulator.new { api_key = key } }, function(client, credentials)
    for _, wrong in ipairs { key, token } do
      show_result(stage, credentials:get(wrong))
      show_result(stage, credentials:get(wrong .. "!"))
      show_result(stage, credentials:delete(wrong))
      show_result(stage, credentials:update(wrong, { description = wrong }))
      show_result(stage, credentials:create { acl = { wrong } })
      show_result(stage, credentials:create { acl = { "bind:" .. wrong } })
      show_result(stage, credentials:create({ acl = { wrong } }, { validate = false }))
      show_result(stage, credentials:create { owner_id = wrong .. "\255" })
      show_result(stage, credentials:create { description = wrong:rep(10) })
      show_result(stage, credentials:list({ before_id = wrong }):all())
      show_result(stage, credentials:list({ before_id = wrong .. "!" }):all())
      show_result(stage, credentials:list({ filter = wrong }):all())
      show_result(stage, credentials:list({ filter = '"' .. wrong }):all())
      for _, call in ipairs { "create", "get", "update", "delete", "list" } do
        show_raised(stage, credentials[call], credentials, { [wrong] = wrong })
        show_raised(stage, credentials[call], credentials, wrong, { [wrong] = wrong })
        show_raised(stage, credentials[call], credentials, wrong, {}, { [wrong] = wrong })
        show_raised(stage, credentials[call], credentials, { description = { wrong }, limit = wrong })
        show_raised(stage, credentials[call], credentials, "cr_1", { timeout = wrong })
        show_raised(stage, credentials[call], wrong)
        show_raised(stage, credentials[call], { client = wrong })
      end
      local credential = assert(credentials:create())
      show_raised(stage, function() credential[wrong] = wrong end)
      show_raised(stage, credential.update, credential, { [wrong] = wrong })
      show_raised(stage, credential.update, credential, wrong)
      show_raised(stage, credential.update, wrong, wrong)
      show_raised(stage, client.step, client, wrong)
    end
  end)
end)

leak_cases.all = cases

--- Sets the stage.
---@param show function takes what a program has seen
---@return table stage, to be struck with `strike()`
function leak_cases.stage(show)
  local emu = assert(emulator.start { api_key = key })
  local stage = { show = show, raw = raw_server.start() }

  function stage.fresh_emulator()
    emu:reset()
    return emu
  end

  function stage.strike()
    emu:stop()
    stage.raw:stop()
  end

  return stage
end

return leak_cases
