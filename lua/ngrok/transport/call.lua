--- Performs a client's attempts with a transport that is a Lua function:
-- `transport(attempt, done)`. It returns the response, or calls `done(response)`, or
-- `done(nil, phase, message, manner)`, now or later; it may yield. Only the first result counts.
local call = {}

local function is_status(value)
  return type(value) == "number" and value % 1 == 0 and value >= 100 and value <= 999
end

local function problem_of(response)
  if type(response) ~= "table" then
    return "its response is a " .. type(response) .. ", not a table"
  elseif not is_status(response.status) then
    return "status is not a whole number from 100 to 999"
  elseif response.headers ~= nil and type(response.headers) ~= "table" then
    return "headers is not a table"
  elseif response.body ~= nil and type(response.body) ~= "string" then
    return "body is not a string"
  end
end

local phases = { resolve = true, connect = true, tls = true, send = true, receive = true }
local manners = { permanent = true, timeout = true }

local most_bytes_told = 4096 -- each message is searched for keys and tokens in one step

-- Cuts at a blank, which keys do not contain: half a key would not be redacted.
local function shorten(text)
  if #text <= most_bytes_told then
    return text
  end
  return (text:sub(1, most_bytes_told):match "^.*%s" or "") .. ("[cut off: it has %d bytes]"):format(#text)
end

local function report(attempt, response, phase, message, manner)
  if response == nil then
    -- After an unknown phase, something may have been sent.
    local known = phases[phase] and phase or "receive"
    local text = shorten(tostring(message or phase or "the transport failed without a message"))
    return attempt:fail(known, text, manners[manner] and manner or nil)
  end
  local problem = problem_of(response)
  if problem then
    return attempt:fail("receive", "invalid response from the transport: " .. problem)
  end
  return attempt:respond(response.status, response.headers or {}, response.body)
end

local function report_error(attempt, err)
  attempt:fail("receive", "the transport raised an error: " .. shorten(tostring(err)))
end

-- A message's __tostring or a response's __index may raise, or memory may run out. The request then fails at
-- once instead of at its timeout.
local function report_by(fn, attempt, ...)
  if not pcall(fn, attempt, ...) then
    attempt:fail("receive", "the transport's result could not be read, or memory ran out")
  end
end

-- Returns nil for an attempt that was cancelled, or whose caller may have left: the transport never sees it.
local function describe(client, attempt)
  if not attempt:is_current() or attempt:put_back() then
    return nil
  end
  local description = attempt:description(client.base_url)
  description.headers["User-Agent"] = client.user_agent
  client.under_way[attempt] = description
  return description
end

local function perform(client, transport, attempt)
  local description
  local reported = false
  local function done(response, phase, message, manner)
    if not reported then
      reported = true
      client.under_way[attempt], description = nil, nil
      report_by(report, attempt, response, phase, message, manner)
      client.loop.watch(client) -- there is something to deliver, and perhaps no step is under way
    end
  end
  local function fail(err)
    if not reported then
      reported = true
      report_by(report_error, attempt, err)
      client.loop.watch(client)
    end
  end
  local fine, err = client.loop.spawn(function()
    -- Caught here, because it may come after the transport has waited, when no caller is left to catch it.
    local ran, problem = pcall(function()
      description = describe(client, attempt)
      if description then
        -- The third value is for ngrok.transport.resty, which asks it after connecting, before it sends.
        local response, phase, message, manner = transport(description, done, function()
          return attempt:put_back()
        end)
        if response ~= nil or phase ~= nil then
          done(response, phase, message, manner)
        end
      end
    end)
    if not ran then
      fail(problem)
    end
  end, function(why)
    done(nil, "connect", why)
  end)
  if not fine then
    fail(err)
  end
end

--- Begins every attempt that the engine admits.
---@param client table
---@param transport function
function call.perform_ready(client, transport)
  local attempt = client.core:next_attempt()
  while attempt do
    if not pcall(perform, client, transport, attempt) then
      attempt:fail("receive", "the attempt could not start: the loop's spawn failed, or memory ran out")
    end
    attempt = client.core:next_attempt()
  end
end

-- The attempts that the engine has given up. Collected first, as hooks may begin others.
local function take_abandoned(client)
  local abandoned = {}
  for attempt, description in pairs(client.under_way) do
    if not attempt:is_current() then
      client.under_way[attempt] = nil
      abandoned[#abandoned + 1] = description
    end
  end
  return abandoned
end

-- Runs in a coroutine of the loop, so that an error in the hook cannot end the caller.
local function call_hook(client, on_cancel)
  local fine, err = client.loop.spawn(function()
    local went_well, problem = pcall(on_cancel)
    if not went_well then
      client:report(problem)
    end
  end)
  if not fine then
    client:report(err)
  end
end

--- Tells the transport which attempts were cancelled: sets their `cancelled` and calls their `on_cancel`.
---@param client table
function call.drop_abandoned(client)
  if not next(client.under_way) then
    return
  end
  for _, description in ipairs(take_abandoned(client)) do
    description.cancelled = true
    if description.on_cancel ~= nil then
      call_hook(client, description.on_cancel)
    end
  end
end

--- What a client keeps for `drop_abandoned`. It is weak, so that an attempt that the transport drops is
--- collected and fails. `done` holds the description.
---@return table
function call.attempts_under_way()
  return setmetatable({}, { __mode = "kv" })
end

return call
