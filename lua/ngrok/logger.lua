--- Writes events as lines for people: an `on_event` that needs no code.
local time = require "ngrok.time"
local usage_error = require "ngrok.usage_error"

local logger = {}

local function write_to_stderr(line)
  io.stderr:write(line)
end

local reasons = {
  max_in_flight = "for room among the requests in flight", rate_limit = "for the rate limit",
  pause = "because the server asked for a pause", backoff = "to back off",
}

local function describe_wait(event)
  return ("waits%s %s"):format(event.seconds and " " .. time.decimal(event.seconds) .. " s" or "",
    reasons[event.why] or "")
end

local function describe_end(event)
  return ("%s after %s s"):format(event.ok and "done" or "failed", time.decimal(event.seconds))
end

local descriptions = {
  submitted = function() return "submitted" end,
  waiting = describe_wait,
  attempt = function(event) return "attempt " .. event.attempt end,
  retry = function(event) return ("attempt %d failed, %s"):format(event.attempt, describe_wait(event)) end,
  done = describe_end,
}

local function describe(event)
  local facts = {}
  for _, fact in ipairs { "kind", "status", "code", "phase", "outcome", "operation_id" } do
    local value = event[fact]
    facts[#facts + 1] = value and (fact == "status" and "HTTP " .. value or value)
  end
  local description = descriptions[event.name]
  return ("ngrok: %s #%d: %s%s%s\n"):format(event.operation, event.request,
    description and description(event) or event.name, event.message and ": " .. event.message or "",
    facts[1] and " (" .. table.concat(facts, ", ") .. ")" or "")
end

--- Makes a function for `on_event`, which writes each event as a line. The lines show no secrets, because
--- events have none, and no time of day, because logs add it.
---@param write? fun(line: string) gets each line with its line end (default: writes to stderr; nginx appends
---   that to its error log at any level)
---@return fun(event: ngrok.Event)
--- Raises: where `write` is not a function
function logger.new(write)
  if write ~= nil and type(write) ~= "function" then
    usage_error.raise(("ngrok.logger: write must be a function, got %s"):format(type(write)))
  end
  write = write or write_to_stderr
  return function(event)
    write(describe(event))
  end
end

--- The `on_event` of a client with `NGROK_DEBUG=1` in the environment: its events go to stderr, too.
---@param on_event? fun(event: ngrok.Event)
---@return fun(event: ngrok.Event)
function logger.and_debug(on_event)
  local log = logger.new()
  return on_event and function(event)
    log(event)
    on_event(event)
  end or log
end

return logger
