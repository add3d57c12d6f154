--- The store of a shared limiter in a dedicated `lua_shared_dict`, for all of nginx's workers. See
-- lua/ngrok/limiter/shared.lua.
--
-- Each place is an entry of the dict. Its value says when the place comes free, in milliseconds of a clock
-- that cannot be set and that all processes of a machine share. Entries do not expire, since the dict's own
-- clock can be set. A missing entry was pushed out by other entries. Its holder is unknown, so it comes
-- back as taken.
--
-- Values change only by `incr`, which is atomic. A worker that replaces a value adds the difference. Where
-- the sum is not what it expects, another worker was faster, and it takes the difference back. (If it is
-- killed in between, the place stays taken for longer than it should.)
local core = require "ngrok.core"

local shared_dict = {}

local Store = {}
Store.__index = Store

-- The part of a window that is waited beyond it, as the limiter of a single process does.
local margin = 1e-3

-- Seconds. A place is held no longer than this, even for a request without a time limit.
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
    return nil, "rate_limit.shared_dict works in nginx only"
  end
  local dict = ngx.shared[name]
  if not dict then
    return nil, ("rate_limit.shared_dict: nginx has no `lua_shared_dict %s` in its http block"):format(name)
  end
  return dict
end

-- Bytes that nginx takes for each entry of ours, and for itself where pages have 4 KiB.
local bytes_of_entry, bytes_of_nginx = 128, 8320

-- In a smaller dict, places would evict each other.
local function check_size(dict, name, requests)
  local bytes = bytes_of_nginx + (requests + 1) * bytes_of_entry
  if dict.capacity and dict:capacity() < bytes then
    return ("rate_limit.shared_dict: %d requests need at least %d bytes, but `%s` has %d; write "
      .. "`lua_shared_dict %s %dk`"):format(requests, bytes, name, dict:capacity(), name,
      math.max(64, math.ceil(bytes / 1024)))
  end
end

local most_looked_at = 1000 -- keys; the dict is locked for all workers meanwhile

--- Why a dict cannot be the store, if so.
---@param name string of the `lua_shared_dict`
---@param requests integer in any window
---@return string?
function shared_dict.problem(name, requests)
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
      return ("rate_limit.shared_dict: `%s` has other entries, which could evict those of the rate limit; "
        .. "give the rate limit a lua_shared_dict that nothing else uses"):format(name)
    end
  end
end

local function lease_for(self, seconds)
  return milliseconds(math.min(seconds, longest_lease)) + self.window
end

-- The first place is made last. If it exists, all existed, and a missing one was evicted.
local function make_places(self)
  local is_new = self.dict:get(self.keys[1]) == nil
  local free_from = now() + (is_new and 0 or self.lease)
  for number = #self.keys, 1, -1 do
    self.dict:add(self.keys[number], free_from)
  end
end

---@param name string of a `lua_shared_dict` that has no problem
---@param account string a text derived from the API key
---@param requests integer in any window
---@param seconds number that a window has
---@param timeout number seconds that requests may take, by default
---@return table
function shared_dict.open(name, account, requests, seconds, timeout)
  local prefix = "ngrok:" .. account .. ":"
  local self = setmetatable({
    dict = assert(dict_of(name)), name = name, keys = {}, pause_key = prefix .. "pause",
    window = milliseconds(seconds * (1 + margin)),
  }, Store)
  self.lease = lease_for(self, timeout) -- milliseconds, the longest so far
  for number = 1, requests do
    self.keys[number] = prefix .. number
  end
  make_places(self)
  return self
end

local function restore(self, key)
  if not self.has_complained then
    self.has_complained = true
    ngx.log(ngx.ERR, "ngrok: nginx evicted entries of the rate limit from lua_shared_dict ", self.name,
      ": use it for the rate limit only, or make it larger; meanwhile fewer requests are admitted")
  end
  self.dict:add(key, now() + self.lease)
end

-- Returns whether it was replaced: false where another worker was faster.
local function replace(self, key, old, new)
  local sum = self.dict:incr(key, new - old)
  if sum and sum ~= new then
    self.dict:incr(key, old - new)
  end
  return sum == new
end

local function pause_left(self)
  return (self.dict:get(self.pause_key) or 0) - now()
end

-- Returns a place, or nil and the milliseconds until one may come free: a window at most, since a request
-- that holds one may end at any moment.
local function take_place(self)
  local time, soonest = now(), self.window
  local till = time + self.lease
  for _, key in ipairs(self.keys) do
    local free_from = self.dict:get(key)
    if not free_from then
      restore(self, key)
    elseif free_from > time then
      soonest = math.min(soonest, free_from - time)
    elseif replace(self, key, free_from, till) then
      return { key = key, till = till }
    end
  end
  return nil, soonest
end

--- See lua/ngrok/limiter/shared.lua, as for the others.
function Store:take(seconds)
  self.lease = math.max(self.lease, lease_for(self, seconds))
  local left = pause_left(self)
  if left > 0 then
    return nil, left / 1000, true
  end
  local place, soonest = take_place(self)
  return place, soonest and soonest / 1000
end

-- A place that vanished meanwhile and was made again has another value, and stays as it is.
function Store:give_back(place, used)
  if self.dict:get(place.key) == place.till then
    self.dict:incr(place.key, now() + (used and self.window or 0) - place.till)
  end
end

local rounding = 2 -- milliseconds that a pause grows by on its way from one worker to another

function Store:pause(seconds)
  local left = milliseconds(seconds)
  if left > pause_left(self) + rounding then
    self.dict:set(self.pause_key, now() + left)
  end
end

return shared_dict
