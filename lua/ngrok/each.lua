--- ngrok.each: runs a function on each of many items, several at a time, in the coroutines of the host.
local auto = require "ngrok.loop.auto"
local options = require "ngrok.options"
local suspension = require "ngrok.loop.suspension"
local usage_error = require "ngrok.usage_error"

---@class ngrok.Failure
---@field item any nil where the items themselves could not be had
---@field index integer which item it was
---@field error any what the function raised, or returned after nil or false

-- One call of `each`. Its workers share it: each takes the next item until there is none.
local Run = {}
Run.__index = Run

-- ---- items ---------------------------------------------------------------------------------------

local function name_of(value)
  local metatable = debug.getmetatable(value)
  return type(metatable) == "table" and metatable.__name or nil
end

-- Returns a function that returns the next item, then nil, or nil and an error; and how many there are, where
-- that is known.
local function source_of(items)
  if name_of(items) == "ngrok.listing" then
    return function() return items:next() end
  elseif type(items) == "function" then
    return items
  elseif type(items) ~= "table" then
    usage_error.raise("ngrok.each: items must be an array, a listing or an iterator function, got "
      .. type(items))
  end
  local index = 0
  return function()
    index = index + 1
    return items[index]
  end, #items
end

local function fail(self, index, item, err)
  self.failures[#self.failures + 1] = { item = item, index = index, error = err }
  self.is_over = self.is_over or self.stop
end

-- PUC Lua 5.1 cannot wait inside pcall. There an error ends the worker; see `Run:replace`.
local is_puc_5_1 = _VERSION == "Lua 5.1" and not rawget(_G, "jit")

local protected = is_puc_5_1 and function(fn, ...)
  return true, fn(...)
end or pcall

local function end_items(self, at, err)
  if err ~= nil and not self.is_over then -- the workers that wait for the same page get the same error
    fail(self, at.index, nil, err)
  end
  self.is_over = true
end

local function take_item(self, at)
  local fine, item, err = protected(self.source)
  if not fine then
    end_items(self, at, item)
  elseif item == nil then
    end_items(self, at, err)
  else
    at.item = item
  end
end

-- ---- work ----------------------------------------------------------------------------------------

local function note_end(self, at, has_failed, err)
  if has_failed then
    fail(self, at.index, at.item, err)
  end
  self.done = self.done + 1
  if self.on_progress then
    local went_well, problem = pcall(self.on_progress, self.done, self.total)
    if not went_well then
      fail(self, at.index, at.item, problem)
    end
  end
end

local function perform(self, at)
  local fine, value, err = protected(self.fn, at.item, at.index)
  if fine then
    note_end(self, at, not value and err ~= nil, err)
  else
    note_end(self, at, true, value)
  end
end

local function work(self)
  local worker = coroutine.running() or work
  while not self.is_over do
    local at = { index = self.taken + 1 }
    self.taken, self.at[worker] = at.index, at
    take_item(self, at)
    if at.item ~= nil then
      perform(self, at)
    end
  end
  self.at[worker] = nil
end

-- More workers than items would find nothing to do.
local function count_workers(self)
  return math.min(self.concurrency, self.total or self.concurrency)
end

-- ---- in each host --------------------------------------------------------------------------------

local runners = {}

function runners.nginx(self)
  local threads = {}
  for index = 1, count_workers(self) do
    threads[index] = ngx.thread.spawn(work, self)
  end
  for _, thread in ipairs(threads) do
    ngx.thread.wait(thread)
  end
end

function runners.cqueues(self)
  local controller = require("cqueues").running()
  local ended = require("cqueues.condition").new()
  local left = count_workers(self)
  for _ = 1, left do
    controller:wrap(function()
      work(self)
      left = left - 1
      ended:signal()
    end)
  end
  while left > 0 do
    ended:wait()
  end
end

-- The caller sleeps as if it waited for a request. An error that it raises afterwards goes on to the client
-- whose step has resumed the last worker.
local sleeper = {}

function sleeper:report(err) -- luacheck: ignore self
  error(err, 0)
end

-- What a worker does where its client's loop blocks: it leaves the waiting to the caller of `each`.
function Run:wait(client, request)
  self.blocked[coroutine.running()] = { client = client, request = request }
  if self.wake then
    self.wake()
  end
  coroutine.yield()
end

local function leave(self)
  self.running = self.running - 1
  if self.running == 0 and self.wake then
    self.wake()
  end
end

local function resume(self, worker)
  local fine, err = coroutine.resume(worker)
  if not fine then
    self:replace(worker, err)
  end
end

local function step_clients(self)
  local clients, count = {}, 0
  for _, one in pairs(self.blocked) do
    count = count + (clients[one.client] and 0 or 1)
    clients[one.client] = true
  end
  for client in pairs(clients) do
    client:advance(count == 1 and math.huge or 0.01)
  end
end

local function resume_done(self)
  local ready = {}
  for thread, one in pairs(self.blocked) do
    if one.request:done() then
      ready[#ready + 1] = thread
    end
  end
  for _, thread in ipairs(ready) do
    self.blocked[thread] = nil
    resume(self, thread)
  end
  return #ready > 0
end

function Run:sleep()
  local run, turn = self, {}
  function turn:done() -- luacheck: ignore self
    return run.running == 0 or next(run.blocked) ~= nil
  end
  function turn:notify(wake) -- luacheck: ignore self
    run.wake = wake
  end
  suspension.wait(sleeper, turn)
  self.wake = nil
end

local function begin_worker(self)
  local worker = coroutine.create(function()
    work(self)
    leave(self)
  end)
  suspension.workers[worker] = self
  resume(self, worker)
end

--- An error has ended a worker. Another goes on in its place.
---@param worker thread
---@param err any
---@return boolean # false where it is not an error of its item, but of the caller, whom it has woken
function Run:replace(worker, err)
  local at = self.at[worker]
  if not at then
    return false
  end
  self.at[worker] = nil
  if at.item == nil then
    end_items(self, at, err)
  else
    note_end(self, at, true, err)
  end
  if self.is_over then
    leave(self)
  else
    begin_worker(self)
  end
  return true
end

-- The caller was closed while it waited, on Lua 5.4. The requests of workers that are closed are cancelled.
function Run:__close()
  self.is_over = true
  for worker in pairs(self.at) do
    if coroutine.status(worker) == "suspended" then
      coroutine.close(worker)
    end
  end
end

local function is_under_way(self)
  return self.running > 0 or nil
end

-- For a `for`, as in request.lua.
local function until_over(self)
  return is_under_way, self, nil, self
end

-- In a script, or in a loop that resumes plain coroutines.
local function run_coroutines(self)
  self.running, self.blocked = count_workers(self), {}
  self.cannot_sleep = suspension.refusal() ~= nil
  for _ = 1, self.running do
    begin_worker(self)
  end
  for _ in until_over(self) do
    if not next(self.blocked) then
      self:sleep()
    elseif not resume_done(self) then
      step_clients(self)
    end
  end
end

-- In a coroutine of the program's own cqueues and nginx cannot wait, and the client's calls say so.
local function runner()
  local host = auto.current()
  if host == "cqueues" then
    local _, is_own = require("cqueues").running()
    return is_own and not is_puc_5_1 and runners.cqueues or run_coroutines
  elseif host == "nginx" then
    return suspension.refusal() and work or runners.nginx
  end
  return run_coroutines
end

-- See `ngrok.each`.
return function(items, given, fn)
  if type(fn) ~= "function" then
    usage_error.raise("ngrok.each: fn must be a function, got " .. type(fn))
  end
  local self = options.each(given)
  self.source, self.total = source_of(items)
  self.fn, self.failures, self.taken, self.done, self.is_over = fn, {}, 0, 0, false
  self.at = {} -- by worker: the `index` and the `item` that it is at
  runner()(setmetatable(self, Run))
  table.sort(self.failures, function(a, b) return a.index < b.index end)
  return self.failures
end
