--- One rolling window of requests for all of nginx's workers, in a `lua_shared_dict`.
--
-- A place in the window is an entry of the dict, `<prefix><number>`. Whoever adds it has the place, as
-- adding is atomic. Every entry has a lease: the time-out plus a window while its request is under way, then
-- a window from its end. So a worker that is killed gives its places back in time.
local shared_window = {}

local SharedWindow = {}
SharedWindow.__index = SharedWindow

-- What an entry holds.
local under_way, over = 1, 0

-- The part of a window that is waited beyond it, as the limiter of a single process does.
local margin = 1e-3

-- Seconds that a place is held at most for a request that has all the time in the world.
local longest_lease = 86400

-- Methods that we need and that an old nginx may not have.
local methods = { "safe_add", "safe_set", "get", "ttl", "delete" }

local function dict_of(name)
  local ngx = rawget(_G, "ngx")
  if not (ngx and ngx.shared) then
    return nil, "rate_limit.shared_dict is for nginx, and this is not nginx"
  end
  local dict = ngx.shared[name]
  if not dict then
    return nil, ("rate_limit.shared_dict: nginx has no `lua_shared_dict %s` in its http block"):format(name)
  end
  for _, method in ipairs(methods) do
    if not dict[method] then
      return nil, ("rate_limit.shared_dict: this nginx's shared dicts have no %s"):format(method)
    end
  end
  return dict
end

--- Why there is no window by that name, if so.
-- @tparam string name of the `lua_shared_dict`
-- @treturn ?string
function shared_window.problem(name)
  local _, problem = dict_of(name)
  return problem
end

--- Joins the window of all clients with the same key; the client's attempts need its permits from here on.
-- @tparam userdata core the client's
-- @tparam string name of a `lua_shared_dict` that there is
-- @tparam integer requests in any window
-- @tparam number seconds that a window has
-- @treturn table
function shared_window.join(core, name, requests, seconds)
  local self = setmetatable({
    dict = assert(dict_of(name)), core = core, requests = requests, window = seconds * (1 + margin),
    prefix = "ngrok:" .. core:need_permits() .. ":", longest_timeout = 0,
    held = {}, first = 1, last = 0, -- numbers of the places that we hold, the oldest first
    process = ngx.worker.pid(), cursor = 0,
  }, SharedWindow)
  self.pause_key = self.prefix .. "pause"
  return self
end

function SharedWindow:key(number)
  return self.prefix .. number
end

-- Without a place in the dict nobody else can know of ours, but a service that stands still is worse.
local function complain(self, problem)
  if not self.has_complained then
    self.has_complained = true
    ngx.log(ngx.ERR, "ngrok: the rate limit is not shared by the workers: the shared dict says: ", problem)
  end
end

local function hold(self, number)
  self.last = self.last + 1
  self.held[self.last] = number
end

-- Returns whether there was one, also where the dict is of no use.
local function take_place(self)
  local lease = math.min(self.longest_timeout + self.window, longest_lease)
  for _ = 1, self.requests do
    self.cursor = self.cursor % self.requests + 1
    local fine, problem = self.dict:safe_add(self:key(self.cursor), under_way, lease)
    if fine then
      hold(self, self.cursor)
      return true
    elseif problem ~= "exists" then
      complain(self, problem)
      hold(self, false)
      return true
    end
  end
  return false
end

-- Seconds until a place comes free, as far as can be known: one that is held, as if it ended this moment.
local function seconds_to_place(self)
  local seconds = self.window
  for number = 1, self.requests do
    local key = self:key(number)
    local state = self.dict:get(key)
    local left = state and self.dict:ttl(key) or 0
    if state ~= under_way then
      seconds = math.min(seconds, math.max(left, 0))
    end
  end
  return seconds
end

-- Returns whether another worker was told to pause.
local function follow_pause(self)
  local left = self.dict:get(self.pause_key) and self.dict:ttl(self.pause_key) or 0
  if left > 0 then
    self.core:pause(left)
  end
  return left > 0
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
-- begin any.
-- @tparam integer more requests that are about to be submitted
-- @tparam number timeout seconds that those may take once they are admitted
function SharedWindow:admit(more, timeout)
  forget_parent(self)
  self.longest_timeout = math.max(self.longest_timeout, timeout)
  local wanted = self.core:wanted(more)
  if wanted == 0 then
    return
  end
  ngx.update_time()
  if follow_pause(self) then
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

-- The place was not used.
local function give_back(self, number)
  if number then
    self.dict:delete(self:key(number))
  end
end

-- From now on for a window.
local function keep(self, number)
  if number then
    local fine, problem = self.dict:safe_set(self:key(number), over, self.window)
    if not fine then
      complain(self, problem)
    end
  end
end

-- Which place was whose is all the same; of those that ended the oldest goes first, as its lease ends first.
local function drop_oldest(self, count, drop)
  for _ = 1, math.min(count, self.last - self.first + 1) do
    local number = self.held[self.first]
    self.held[self.first], self.first = nil, self.first + 1
    drop(self, number)
  end
end

local function drop_newest(self, count)
  for _ = 1, math.min(count, self.last - self.first + 1) do
    local number = self.held[self.last]
    self.held[self.last], self.last = nil, self.last - 1
    give_back(self, number)
  end
end

local function tell_of_pause(self, left)
  local known = self.dict:get(self.pause_key) and self.dict:ttl(self.pause_key) or 0
  if left > known + margin then
    self.dict:safe_set(self.pause_key, true, left)
  end
end

--- Gives up what the client's requests need no more, and tells the others of a pause. To be called after the
-- core may have ended any.
function SharedWindow:settle()
  forget_parent(self)
  local unused, unsent, ended, pause_left = self.core:take_permits()
  if unused + unsent + ended == 0 then
    return
  end
  ngx.update_time() -- a time that is too early would let the entry expire too early
  drop_newest(self, unused)
  drop_oldest(self, ended, keep)
  drop_oldest(self, unsent, give_back)
  if pause_left > 0 then
    tell_of_pause(self, pause_left)
  end
end

return shared_window
