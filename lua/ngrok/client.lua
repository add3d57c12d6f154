--- The client: one account, one pool of connections, stepped by the loop that it is used in.
local auto = require "ngrok.loop.auto"
local block = require "ngrok.loop.block"
local core = require "ngrok.core"
local completion_queue = require "ngrok.completion_queue"
local error_object = require "ngrok.error"
local part = require "ngrok.part"
local proxy = require "ngrok.proxy"
local usage_error = require "ngrok.usage_error"
local request = require "ngrok.request"

local client = {}

-- Bounds what a step delivers, so that decoding and callbacks do not hold the host. The core's step returns
-- no more, either.
local completions_per_step = 4

--- Assigning to it raises, and so does reading a field that does not exist.
---@class ngrok.Client
local Client = {}
Client.__index = Client
Client.__name = "ngrok.client"

--- The descriptor to watch for reading.
---@return integer? # nil where the transport has none
function Client:pollfd()
  return self.core:pollfd()
end

--- What to watch the descriptor for.
---@return "r"
function Client:events() -- luacheck: ignore self
  return "r"
end

--- When the client wants to be stepped, if its descriptor does not become readable before.
---@return number? # seconds; 0 while there is something to deliver; nil when idle
function Client:timeout()
  return self.completions:is_due() and 0 or self.core:timeout()
end

--- Requests under way, from the call until the result was delivered: until its callback has begun.
---@return integer
function Client:pending()
  return self.core:pending() + self.completions:undelivered()
end

-- Raises a kept error, but not inside another callback, which did not cause it.
local function raise_held(self)
  local held = self.held
  if held and not self.completions:is_inside() then
    self.held = nil
    error(held.value, 0)
  end
end

local function report_text(self, of, value)
  local text = of .. error_object.redact(self.core, tostring(value))
  local report = self.loop.report
  if not (report and pcall(report, text)) then
    io.stderr:write(text, "\n")
  end
end

-- Handles an error of a callback. It must not escape into a host's loop. Where the program itself steps the
-- client, the error is kept until all callbacks were called, and then raised.
local function hold(self, value)
  if self.on_error then
    local fine, err = pcall(self.on_error, value)
    if fine then
      return
    end
    value = err
  end
  if not self.loop.raises then
    report_text(self, "ngrok: a callback failed: ", value)
  elseif self.held then
    report_text(self, "ngrok: another callback failed: ", value)
  else
    self.held = { value = value }
  end
end

-- Errors raised by on_event go to on_error and never affect requests.
local function report_hook(self, err)
  if not (self.on_error and pcall(self.on_error, err)) then
    report_text(self, "ngrok: on_event failed: ", err)
  end
end

--- Reports an error that no other code handles: to `on_error`, or in the host's own way. For loop adapters,
--- which resume coroutines.
---@param err any
function Client:report(err)
  hold(self, err)
end

local function deliver(self, most)
  if not self.completions:is_due() then
    return 0
  end
  local count = self.completions:deliver(most)
  if self.completions:is_due() then
    self.core:wake() -- for loops that watch the descriptor, as there is more to deliver
  end
  return count
end

-- Returns 0 for a request that goes through the queue and is counted there, else 1.
local function note_completed(self, id)
  local known = self.requests[id]
  if not (known and (self.kept[id] or known.waiters or known.on_end)) then
    return 1
  end
  self.completions:enqueue(known)
  self.kept[id] = nil
  return 0
end

-- Returns the number of those that do not go through the queue.
local function note_all(self, starved, count, first, ...)
  if starved then
    -- Clients that were never closed hold descriptors. Finalizers may raise.
    pcall(collectgarbage)
  end
  if not first then
    return count
  end
  count = count + note_completed(self, first)
  for index = 1, select("#", ...) do
    count = count + note_completed(self, (select(index, ...)))
  end
  self.core:collect(first, ...)
  return count
end

local function collect(self, seconds)
  return note_all(self, self.core:step(seconds))
end

local function perform_ready(self)
  if not self.core:closed() then
    self.attempts.perform_ready(self, self.transport)
  end
end

-- After anything may have begun or ended.
local function follow_up(self)
  if self.attempts then
    self.attempts.drop_abandoned(self)
    perform_ready(self)
  end
  if self.limiter then
    self.limiter:settle()
  end
  if self.trace then
    self.trace:tell(self.loop.spawn)
  end
end

local function end_drains(self)
  if next(self.drains) then
    require("ngrok.drain").end_all(self)
  end
end

-- Some loops know of requests whose callers are gone. They cancel those before anything begins.
local function sweep(self)
  local sweeping
  for loop in next, self.watching do
    sweeping = loop.sweep and loop or sweeping
  end
  if sweeping then
    sweeping.sweep(self)
  end
end

--- A step that raises no errors of callbacks. For loop adapters that wait inside an operation, as its result
--- must not be lost to another request's error. Inside a callback it calls no other callbacks, so that they
--- do not nest, unless that callback asks for it.
---@param seconds number
---@param nests? boolean
---@return integer # requests that completed
function Client:advance(seconds, nests)
  sweep(self)
  if self.limiter then -- before anything may begin
    self.limiter:admit(0, 0)
  end
  if self.attempts then
    perform_ready(self)
  end
  local inside = not nests and self.completions:is_inside()
  local waits = inside or not self.completions:is_due()
  local unqueued = collect(self, waits and seconds or 0)
  follow_up(self)
  local delivered = inside and 0 or deliver(self, completions_per_step)
  if next(self.drains) and not self.completions:is_inside() then
    end_drains(self)
  end
  return unqueued + delivered
end

--- Moves everything on: reads and writes what it can, retires what is overdue, calls callbacks.
---@param max_wait? number seconds that it may block; 0 for not at all; nil for as long as it takes
---@return integer # requests that completed
--- Raises: the first error of a callback, after all callbacks were called, where `on_error` is not set;
---   further ones go to stderr
function Client:step(max_wait)
  if max_wait ~= nil and not (type(max_wait) == "number" and max_wait >= 0) then
    usage_error.raise("bad max_wait: a number of seconds, 0 or more, or nil expected")
  end
  local count = self:advance(self:timeout() == 0 and 0 or max_wait or math.huge, true)
  -- A loop that watches the descriptor would wait for an event that this step has consumed.
  if next(self.watching) and self:pending() == 0 then
    self.loop.watch(self)
  end
  raise_held(self)
  return count
end

--- Waits until no request is under way and all callbacks have begun: in a coroutine of the host's loop where
--- it has them, else by stepping the client, as in a script.
---@param timeout? number seconds; nil for as long as it takes
---@return boolean? # true; nil where requests are still under way, which go on, or where the call cannot wait
---@return ngrok.Error? # of kind "timeout" with the number of those requests in its message
--- Raises: as `step`
function Client:drain(timeout)
  if timeout ~= nil and not (type(timeout) == "number" and timeout >= 0) then
    usage_error.raise("bad timeout: a number of seconds, 0 or more, or nil expected")
  end
  local err = self:pending() > 0 and self:cannot_wait "client:drain"
  if err and not self.loop.raises then
    return nil, err
  end
  local drain, problem = part.load "ngrok.drain"
  if not drain then
    return nil, error_object.invalid("client:drain", problem)
  end
  local made = drain.new(self, timeout or math.huge)
  if err and not made:done() then -- the program steps the client itself, so this may do so, too
    block.wait(self, made)
  elseif not made:done() then
    request.wait(made, self.loop)
  end
  local drained
  drained, err = request.settle(made)
  raise_held(self)
  return drained, err
end

--- Calls a function from the next step. For loop adapters.
---@param fn fun()
function Client:defer(fn)
  self.completions:enqueue({ settled = true, waiters = { fn } })
  self.core:wake()
  self.loop.watch(self)
end

--- Makes `timeout` 0 and the descriptor readable, once.
function Client:wake()
  self.core:wake()
end

--- Ends everything: requests under way end with an error of kind "cancelled", and their callbacks are called.
--- A second call does nothing.
function Client:close()
  -- Results that are there are taken over first, as errors cannot be redacted once the key is wiped.
  for _, one in pairs(self.kept) do
    if one:done() then
      request.settle(one)
    end
  end
  if self.loop.release then
    self.loop.release(self)
  end
  self.core:close()
  follow_up(self)
  repeat
    collect(self, 0)
    follow_up(self)
    deliver(self, math.huge)
  until self.core:pending() == 0
  end_drains(self)
  deliver(self, math.huge) -- what those callbacks have begun; steps deliver any more of it
  raise_held(self)
end

Client.__close = Client.close

function Client:__tostring()
  return ("ngrok.client: %s%s"):format(self.shown_url, self.core:closed() and " (closed)" or "")
end

-- Why a call cannot be sent, or cannot wait in a loop, where this is called.
local function obstacle(self, loop)
  local refusal = loop and loop.refusal
  return self.cannot_send and self.cannot_send() or refusal and refusal(self) or nil
end

--- Why a call cannot wait here, if so.
---@param operation string
---@return ngrok.Error?
function Client:cannot_wait(operation)
  local why = obstacle(self, self.loop)
  return why and error_object.invalid(operation, why) or nil
end

--- Sends what no service has: for what the API adds tomorrow. It is paced, retried and redacted like every
--- call.
---@param method "GET"|"POST"|"PUT"|"PATCH"|"DELETE"
---@param path string behind the base URL: "/new_things/nt_1"
---@param given? ngrok.RequestOptions
---@return any value the response's object or array as a plain table, without fields that are null; true where
---  it has no body, and of a DELETE; nil where it failed
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
--- Raises: names an argument of the wrong type, or too many of them
function Client:request(method, path, given, ...)
  local generic, starvation = part.load "ngrok.generic"
  if not generic then
    return nil, error_object.invalid("client:request", starvation)
  end
  local operation, call_options, what, problem = generic.read(self, method, path, given, ...)
  if not what then
    return client.refuse(self, operation, problem, call_options)
  end
  return client.perform(self, operation, what, call_options)
end

proxy.define(Client, { noun = "client", how_to_change = require("ngrok.options").how_to_pass })

local function is_plain(options)
  return options.on_done == nil and options.wait ~= false
end

-- A callback must not run before the call that set it has returned, not even for refused input.
local function hand_out(self, made)
  -- First, as memory may run out here: a request that is kept already would go on with no caller.
  local shown = proxy.of(made)
  made.is_handed_out = true
  if request.subscribe(made) then
    self.kept[made.id] = made
  else -- refused, or a hook or a transport has stepped the client
    self.completions:enqueue(made)
    self.core:wake()
  end
  self.loop.watch(self)
  return shown
end

--- Begins what may begin, without a step.
---@param self table the client
function client.begin_waiting(self)
  if self.limiter then
    self.limiter:admit(0, 0)
  end
  self.core:begin()
  follow_up(self)
end

--- Refuses an operation before anything is sent.
---@param self table the client
---@param operation string
---@param message string
---@param options table the call's
---@return any # nil and the error, or a request
function client.refuse(self, operation, message, options)
  raise_held(self)
  local err = error_object.invalid(operation, message)
  if is_plain(options) then
    return nil, err
  end
  return hand_out(self, request.refused(self, operation, err, options.on_done))
end

-- A header that is longer does not go out over HTTP/2, and what libcurl then says depends on its version.
local longest_url = 60000

local function check_url(self, target)
  local length = #self.base_url + #target
  return length > longest_url
    and ("the URL would be %d bytes long; the limit is %d"):format(length, longest_url) or nil
end

--- Begins a request. It is cancelled if the caller drops it.
---@param self table the client
---@param operation string "credentials.get" and the like
---@param what table `method`, `target`, `body`; `reader`, `into` and `origin` as of handle.c's `take`;
---  `secrets` array of strings in the body
---@param options table the call's
---@param attended? boolean whether the caller is about to wait for it
---@param loop? table the one that the caller is in, where that is known
---@return table request
function client.begin(self, operation, what, options, attended, loop)
  local problem = check_url(self, what.target)
  if problem then
    return request.refused(self, operation, error_object.invalid(operation, problem), options.on_done)
  end
  local timeout = options.timeout or self.default_timeout
  -- Before anything is sent, as memory may run out.
  local begun = request.new(self, operation, what, options.on_done)
  if self.limiter then
    self.limiter:admit(1, timeout)
  end
  begun.core, begun.id = self.core:submit(what.method, what.target, what.body, timeout,
    options.max_wait or self.default_max_wait, options.max_retries or self.default_max_retries)
  if not begun.id then
    return request.refused(self, operation, error_object.invalid(operation, "the client is closed"),
      options.on_done)
  end
  if self.trace then
    self.trace:name(begun.id, operation, what.secrets)
  end
  follow_up(self)
  loop = loop or self.loop
  loop.watch(self, attended)
  return begun
end

--- Sends an operation.
---@param self table the client
---@param operation string
---@param what table as for `begin`
---@param options table the call's
---@return any # the value, or nil and an error, or a request
function client.perform(self, operation, what, options)
  if self.held then
    raise_held(self)
  end
  local loop, waits = self.loop == auto and auto.here() or self.loop, is_plain(options)
  local problem = obstacle(self, waits and loop) -- may yield
  if problem then
    return client.refuse(self, operation, problem, options)
  end
  local callback_refusal = options.on_done and loop.callback_refusal
  problem = callback_refusal and callback_refusal(self)
  if problem then
    return nil, error_object.invalid(operation, problem)
  end
  local begun = client.begin(self, operation, what, options, waits, loop)
  if waits then
    return request.wait(begun, loop)
  end
  return hand_out(self, begun)
end

---@param settings table complete and checked; see ngrok.settings
---@param performer any the transport, as made by ngrok.transport
---@param refusal? function says why the transport can send nothing where it is called
---@return table client
function client.new(settings, performer, refusal)
  local is_curl = settings.transport == "curl"
  local attempts = not is_curl and require "ngrok.transport.call" or nil
  local of_core = core.client {
    api_key = settings.api_key, base_url = settings.base_url, max_in_flight = settings.max_in_flight,
    max_response_bytes = settings.max_response_bytes, transport = is_curl and performer or nil,
    limit_requests = settings.limit_requests, limit_window = settings.limit_window,
  }
  local self = setmetatable({
    core = of_core,
    base_url = settings.base_url,
    shown_url = error_object.redact(of_core, settings.base_url), -- its path may have anything
    user_agent = settings.user_agent,
    default_timeout = settings.timeout,
    default_max_wait = settings.max_wait,
    default_max_retries = settings.max_retries,
    transport = not is_curl and performer or nil,
    attempts = attempts, -- what performs those of a transport that is a function
    under_way = attempts and attempts.attempts_under_way(),
    cannot_send = refusal,
    loop = settings.loop,
    on_error = settings.on_error,
    -- By id: those that are subscribed to. One whose caller has gone is garbage.
    requests = setmetatable({}, { __mode = "v" }),
    kept = {}, -- by id: those that must outlive their callers
    drains = {}, -- set of what calls of `drain` wait for
    watching = {}, -- by loop adapter: what it keeps of this client
    services = nil, -- what programs find in the client beside its methods
  }, Client)
  self.completions = completion_queue.new(self.loop, function(err)
    hold(self, err)
  end, function()
    end_drains(self)
    self.loop.watch(self)
  end)
  if settings.shared_dict then
    local shared_dict = require "ngrok.limiter.shared_dict"
    self.limiter = require("ngrok.limiter.shared").join(of_core, function(account)
      return shared_dict.open(settings.shared_dict, account, settings.limit_requests, settings.limit_window,
        settings.timeout)
    end, settings.timeout)
  end
  if settings.on_event then
    self.trace = require("ngrok.trace").new(self.core, settings.on_event, function(err)
      report_hook(self, err)
    end)
  end
  return self
end

return client
