--- One rolling window of requests for all of nginx's workers, in a `lua_shared_dict` of its own.
--
-- Each place in the window is an entry of the dict. Its value says when the place comes free, in milliseconds
-- of a clock that cannot be set and that all processes of a machine share. A worker takes a place for its
-- request's time-out and a window; when the request ends, it sets that to a window from now. So the places of
-- a worker that is killed come free in time. Entries do not expire, since the dict's own clock can be set. A
-- missing entry was pushed out by other entries. Nobody knows who held it, so it comes back as taken.
--
-- Values change only by `incr`, which is atomic. A worker that replaces a value adds the difference. Where
-- the sum is not what it expects, another worker was faster, and it takes the difference back. (If it is
-- killed in between, the place stays taken for longer than it should.)
local core = require "ngrok.core"

local shared_window = {}

local SharedWindow = {}
SharedWindow.__index = SharedWindow

-- The part of a window that is waited beyond it, as the limiter of a single process does.
local margin = 1e-3

-- Seconds that a place is held at most for a request that has all the time in the world.
local longest_lease = 86400

local function milliseconds(seconds)
  return math.ceil(seconds * 1000)
end

local function now()
  return milliseconds(core.now())
end

local function dict_of(name)
  local ngx = rawget(_G, "ngx")
  if not (ngx and ngx.shared) then
    return nil, "rate_limit.shared_dict is for nginx, and this is not nginx"
  end
  local dict = ngx.shared[name]
  if not dict then
    return nil, ("rate_limit.shared_dict: nginx has no `lua_shared_dict %s` in its http block"):format(name)
  end
  return dict
end

-- Bytes that nginx takes for each entry of ours, and for itself where pages have 4 KiB.
local bytes_of_entry, bytes_of_nginx = 128, 8320

-- In a dict with less room places would push out places.
local function check_size(dict, name, requests)
  local bytes = bytes_of_nginx + (requests + 1) * bytes_of_entry
  if dict.capacity and dict:capacity() < bytes then
    return ("rate_limit.shared_dict: %d requests need at least %d bytes, but `%s` has %d; write "
      .. "`lua_shared_dict %s %dk`"):format(requests, bytes, name, dict:capacity(), name,
      math.max(64, math.ceil(bytes / 1024)))
  end
end

local most_looked_at = 1000 -- keys; nginx's workers stand still meanwhile

--- Why there is no window by that name, if so.
---@param name string of the `lua_shared_dict`
---@param requests integer in any window
---@return string?
function shared_window.problem(name, requests)
  local dict, problem = dict_of(name)
  if not dict then
    return problem
  end
  problem = check_size(dict, name, requests)
  if problem then
    return problem
  end
  for _, key in ipairs(dict:get_keys(most_looked_at)) do
    if key:sub(1, 6) ~= "ngrok:" then
      return ("rate_limit.shared_dict: `%s` has other entries, which could push the rate limit's out; give "
        .. "the rate limit a lua_shared_dict of its own"):format(name)
    end
  end
end

local function lease(self)
  return now() + milliseconds(math.min(self.longest_timeout, longest_lease)) + self.window
end

-- The first place is made last: once it is there, all were there, and a missing one has vanished.
local function make_places(self)
  local is_new = self.dict:get(self.keys[1]) == nil
  local free_from = is_new and now() or lease(self)
  for number = self.requests, 1, -1 do
    self.dict:add(self.keys[number], free_from)
  end
end

--- Joins the window of all clients with the same key; the client's attempts need its permits from here on.
---@param of_core userdata the client's core
---@param name string of a `lua_shared_dict` that there is
---@param requests integer in any window
---@param seconds number that a window has
---@param timeout number seconds that requests may take, by default
---@return table
function shared_window.join(of_core, name, requests, seconds, timeout)
  local prefix = "ngrok:" .. of_core:need_permits() .. ":"
  local self = setmetatable({
    dict = assert(dict_of(name)), name = name, core = of_core, requests = requests,
    window = milliseconds(seconds * (1 + margin)),
    keys = {}, pause_key = prefix .. "pause", longest_timeout = timeout,
    held = {}, first = 1, last = 0, -- places that we hold, the oldest first
    process = ngx.worker.pid(), cursor = 0,
  }, SharedWindow)
  for number = 1, requests do
    self.keys[number] = prefix .. number
  end
  make_places(self)
  return self
end

local function hold(self, key, till)
  self.last = self.last + 1
  self.held[self.last] = { key = key, till = till }
end

local function restore(self, key)
  if not self.has_complained then
    self.has_complained = true
    ngx.log(ngx.ERR, "ngrok: entries of the rate limit have vanished from the lua_shared_dict ", self.name,
      ": use it for nothing else, and if that is so, make it larger; until then these places count as taken")
  end
  self.dict:add(key, lease(self))
end

-- Returns whether it was replaced: false where another worker was faster.
local function replace(self, key, old, new)
  local sum = self.dict:incr(key, new - old)
  if sum and sum ~= new then
    self.dict:incr(key, old - new)
  end
  return sum == new
end

-- Returns whether a place was free.
local function take_place(self)
  local time, till = now(), lease(self)
  for _ = 1, self.requests do
    self.cursor = self.cursor % self.requests + 1
    local key = self.keys[self.cursor]
    local free_from = self.dict:get(key)
    if not free_from then
      restore(self, key)
    elseif free_from <= time and replace(self, key, free_from, till) then
      hold(self, key, till)
      return true
    end
  end
  return false
end

-- Seconds until a place comes free, as far as can be known: one that is held, as if it ended this moment.
local function seconds_to_place(self)
  local time, soonest = now(), self.window
  for _, key in ipairs(self.keys) do
    local free_from = self.dict:get(key)
    if free_from then
      soonest = math.min(soonest, math.max(free_from - time, 0))
    end
  end
  return soonest / 1000
end

local rounding = 2 -- milliseconds that a pause grows by on its way from one worker to another

-- Milliseconds that are left of the pause that workers tell each other of.
local function pause_left(self)
  return (self.dict:get(self.pause_key) or 0) - now()
end

-- What was taken before a fork is the other process's.
local function forget_parent(self)
  local process = ngx.worker.pid()
  if process ~= self.process then
    self.process, self.held, self.first, self.last = process, {}, 1, 0
    self.cursor = process % self.requests -- elsewhere than the other workers
  end
end

--- Brings permits for those of the client's requests that lack nothing else. To be called before the core may
--- begin any.
---@param more integer requests that are about to be submitted
---@param timeout number seconds that those may take once they are admitted
function SharedWindow:admit(more, timeout)
  forget_parent(self)
  self.longest_timeout = math.max(self.longest_timeout, timeout)
  local wanted = self.core:wanted(more)
  if wanted == 0 then
    return
  end
  local left = pause_left(self)
  if left > 0 then
    self.core:pause(left / 1000)
    return
  end
  for _ = 1, wanted do
    if not take_place(self) then
      self.core:shut(seconds_to_place(self))
      return
    end
    self.core:permit(1)
  end
end

-- A place that vanished meanwhile and was made again has another value, and stays as it is.
local function free(self, place, from)
  if self.dict:get(place.key) == place.till then
    self.dict:incr(place.key, from - place.till)
  end
end

-- It does not matter which request held which place. The oldest goes first, as its lease ends first.
local function drop_oldest(self, count, free_from)
  for _ = 1, math.min(count, self.last - self.first + 1) do
    local place = self.held[self.first]
    self.held[self.first], self.first = nil, self.first + 1
    free(self, place, free_from)
  end
end

local function drop_newest(self, count, free_from)
  for _ = 1, math.min(count, self.last - self.first + 1) do
    local place = self.held[self.last]
    self.held[self.last], self.last = nil, self.last - 1
    free(self, place, free_from)
  end
end

--- Gives up what the client's requests need no more, and tells the others of a pause. To be called after the
-- core may have ended any.
function SharedWindow:settle()
  forget_parent(self)
  local unused, unsent, ended, pause = self.core:take_permits()
  if unused + unsent + ended == 0 then
    return
  end
  local time = now()
  drop_newest(self, unused, time)
  drop_oldest(self, ended, time + self.window)
  drop_oldest(self, unsent, time)
  pause = milliseconds(pause)
  if pause > 0 and pause > pause_left(self) + rounding then
    self.dict:set(self.pause_key, time + pause)
  end
end

return shared_window
