--- A limiter that is shared: one rate limit for processes that know nothing else of each other.
--
-- A request begins only with a place of the shared limiter. It holds the place until a window after its
-- response, because the server may have counted it as late as that. A request that was never sent gives its
-- place back at once. The engine does no I/O, so it only says how many places it lacks. This module takes
-- them from a store before anything may begin, and gives places back after anything may have ended.
--
-- A store (nginx's `lua_shared_dict` is one, a Redis server could be another) is a table of three methods,
-- each of which may yield:
--
--   store:take(seconds)           Takes a place for a request that may last so long. The place comes free by
--                                 itself a window after that, since its process may be killed. Returns the
--                                 place; or nil, the seconds until one may come free, and whether that is
--                                 because of a pause.
--   store:give_back(place, used)  With `used` the place comes free a window from now, otherwise at once.
--   store:pause(seconds)          The server asked for a pause: no place is given for so long.
--
-- The store must be atomic, and must measure time by a clock that cannot be set.
local core = require "ngrok.core"

local shared = {}

local Shared = {}
Shared.__index = Shared

--- Lets a client have its places from a store.
---@param of_core userdata the client's core
---@param open_store fun(key: string): table called with a text derived from the client's API key
---@param timeout number seconds that requests may take, by default
---@return table
function shared.join(of_core, open_store, timeout)
  return setmetatable({
    core = of_core, store = open_store(of_core:share_limit()), longest_timeout = timeout,
    places = {}, -- those that we hold, the oldest first
    process = core.process(),
  }, Shared)
end

-- What was taken before a fork is the parent's.
local function follow_fork(self)
  local process = core.process()
  if process ~= self.process then
    self.process, self.places = process, {}
  end
end

--- Takes places for those of the client's requests that lack nothing else. To be called before the core may
--- begin any.
---@param more integer requests that are about to be submitted
---@param timeout number seconds that those may take once they are admitted
function Shared:admit(more, timeout)
  follow_fork(self)
  self.longest_timeout = math.max(self.longest_timeout, timeout)
  for _ = 1, self.core:places_wanted(more) do
    local place, seconds, is_pause = self.store:take(self.longest_timeout)
    if not place then
      self.core:refuse_place(seconds, is_pause)
      return
    end
    table.insert(self.places, place)
    self.core:grant_place()
  end
end

-- It does not matter which request held which place. The oldest goes first, as it would come free first.
local function give_back(self, count, used)
  for _ = 1, math.min(count, #self.places) do
    self.store:give_back(table.remove(self.places, 1), used)
  end
end

--- Gives back the places of ended requests, and passes on the pause that a server asked for. Call it after
--- the core may have ended requests.
function Shared:settle()
  follow_fork(self)
  local unused, ended, pause = self.core:take_back_places()
  if unused + ended == 0 then
    return
  end
  give_back(self, ended, true)
  give_back(self, unused, false)
  if pause > 0 then
    self.store:pause(pause)
  end
end

return shared
