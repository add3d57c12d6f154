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

local function next_item(self)
  local index = self.taken + 1
  self.taken = index
  local fine, item, err = pcall(self.source)
  if fine and item ~= nil then
    return item, index
  end
  if not fine then
    err = item
  end
  if err ~= nil and not self.is_over then -- the workers that wait for the same page get the same error
    fail(self, index, nil, err)
  end
  self.is_over = true
end

-- ---- work ----------------------------------------------------------------------------------------

local function perform(self, item, index)
  local fine, value, err = pcall(self.fn, item, index)
  if not fine then
    fail(self, index, item, value)
  elseif not value and err ~= nil then
    fail(self, index, item, err)
  end
  self.done = self.done + 1
  if self.on_progress then
    local went_well, problem = pcall(self.on_progress, self.done, self.total)
    if not went_well then
      fail(self, index, item, problem)
    end
  end
end

local function work(self)
  while not self.is_over do
    local item, index = next_item(self)
    if item ~= nil then
      perform(self, item, index)
    end
  end
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
    coroutine.resume(thread)
  end
  return #ready > 0
end

function Run:sleep()
  local run, turn = self, {}
  function turn:done() -- luacheck: ignore self
    return run.running == 0 or next(run.blocked) ~= nil
  end
  function turn:notify(resume) -- luacheck: ignore self
    run.wake = resume
  end
  suspension.wait(sleeper, turn)
  self.wake = nil
end

-- In a script, or in a loop that resumes plain coroutines.
local function run_coroutines(self)
  self.running, self.blocked = count_workers(self), {}
  self.cannot_sleep = suspension.refusal() ~= nil
  for _ = 1, self.running do
    local thread = coroutine.create(function()
      work(self)
      self.running = self.running - 1
      if self.running == 0 and self.wake then
        self.wake()
      end
    end)
    suspension.workers[thread] = self
    coroutine.resume(thread)
  end
  while self.running > 0 do
    if not next(self.blocked) then
      self:sleep()
    elseif not resume_done(self) then
      step_clients(self)
    end
  end
end

-- There a coroutine cannot wait inside pcall. So the caller does all the work, one item after the other.
local is_puc_5_1 = _VERSION == "Lua 5.1" and not rawget(_G, "jit")

local function has_light_threads()
  return auto.current() ~= "nginx" or suspension.refusal() == nil
end

local function run(self)
  if is_puc_5_1 or not has_light_threads() then
    work(self)
  else
    (runners[auto.current()] or run_coroutines)(self)
  end
end

-- See `ngrok.each`.
return function(items, given, fn)
  if type(fn) ~= "function" then
    usage_error.raise("ngrok.each: fn must be a function, got " .. type(fn))
  end
  local self = options.each(given)
  self.source, self.total = source_of(items)
  self.fn, self.failures, self.taken, self.done, self.is_over = fn, {}, 0, 0, false
  run(setmetatable(self, Run))
  table.sort(self.failures, function(a, b) return a.index < b.index end)
  return self.failures
end
