--- A walk over a list by several chains of pages at once.
--
-- The first chain is the plain walk. Each other one begins below a cut: it asks for the items that were
-- created before that second. A chain goes on until it meets an item below the next one's cut. So each item
-- comes from one chain, whatever is created or deleted meanwhile. The program gets the pages of the first
-- chain, then those of the second, and so on: newest first.
--
-- A cut is a guess: it gives a chain a few pages more, if its items go on as those of its last page do. A bad
-- guess costs time, and at most one request.
local listing = require "ngrok.listing"
local request = require "ngrok.request"
local time = require "ngrok.time"

local parallel = {}

-- Pages that a chain is meant to have. In a short list shorter chains are faster; in a long one they would
-- meet too often, which costs requests. A chain holds no more than the most of them for the program.
local shortest, longest = 3, 6

-- Another chain begins in between where the next one is so many pages farther away than it is meant to be.
local tolerance = 3

local chains_of_auto = 8

-- How many requests more than the plain walk it may make: so many, and this share of the plain walk's.
local extra_requests, extra_share = 8, 0.1

local function created(item)
  local text = item.created_at
  return type(text) == "string" and time.parse(text) or nil
end

local function new_chain(query, cut)
  return {
    -- The page that the program has taken last. Each has its `page`, `response`, the `oldest` item's time,
    -- the `query` of the next one or a `failure`, and that as `next`, once it is there.
    taken = { query = query },
    cut = cut, -- seconds since 1970; nil for the first
    request = nil, -- for the next page
    failed = false, -- whether the last request has; then the next one is made when the program needs it
    seen = { [query] = true }, -- queries of its pages
    received = 0, -- pages
    oldest = nil, -- time of the last item
    span = nil, -- seconds between the first and the last item of the last page
  }
end

local function last_page(chain)
  local last, count = chain.taken, 0
  while last.next do
    last, count = last.next, count + 1
  end
  return last, count
end

-- ---- pages that arrive ---------------------------------------------------------------------------

local function index_of(self, chain)
  for index, one in ipairs(self.chains) do
    if one == chain then
      return index
    end
  end
end

local function cancel(chain)
  local begun = chain.request
  chain.request = nil
  if begun then
    begun.on_end = nil
    listing.cancel_page(begun)
  end
end

local function drop_from(self, first)
  for index = #self.chains, first, -1 do
    cancel(self.chains[index])
    self.chains[index] = nil
  end
end

-- Goes on as the plain walk does, without the chains from `first` on.
local function fall_back(self, first, begun, why)
  drop_from(self, first)
  self.is_plain = true
  if self.client.trace then
    self.client.trace:add {
      name = "fallback", operation = self.operation, request = begun.id,
      message = "the list goes on with one page at a time: " .. why,
    }
    self.client.trace:tell(self.client.loop.spawn)
  end
end

-- Why the times of a page do not allow for several chains, if so.
local function misfit(chain, newest, oldest)
  if not (newest and oldest) then
    return "an item has no created_at"
  elseif chain.cut and newest >= chain.cut then
    return "the server ignores the filter"
  elseif newest < oldest or chain.oldest and newest > chain.oldest then
    return "the items are not sorted by created_at"
  end
end

-- How many items of the page belong to the chain.
local function count_above(page, cut)
  local count = #page
  while count > 0 and (created(page[count]) or cut) < cut do
    count = count - 1
  end
  return count
end

-- Where an error comes before the last assignment, the page is asked for again.
local function keep(self, chain, kept, newest)
  local page, oldest = kept.page, kept.oldest
  local below = self.chains[index_of(self, chain) + 1]
  if newest and oldest then
    chain.span = math.max(newest - oldest, 1)
    chain.oldest = oldest -- last: who finds it finds the span, too
    self.kept = self.kept + (below and count_above(page, below.cut) or #page)
  end
  self.trusted = self.trusted + (chain.received == 0 and #page > 0 and 1 or 0)
  self.page_size = math.max(self.page_size, #page)
  chain.received, self.received = chain.received + 1, self.received + 1
  last_page(chain).next = kept
  if kept.query then
    chain.seen[kept.query] = true
  end
end

local function take(self, chain, begun, page, response)
  local newest, oldest
  if #page > 0 then
    newest, oldest = created(page[1]), created(page[#page])
  end
  local query, failure = listing.way_on(self, page, chain.seen)
  local problem = not self.is_plain and #page > 0 and (query or chain.cut) and misfit(chain, newest, oldest)
  local index = index_of(self, chain)
  if problem and chain.received == 0 and chain.cut then
    return fall_back(self, index, begun, problem)
  end
  keep(self, chain, {
    page = page, response = response, oldest = oldest, query = query, failure = failure, next = nil,
  }, newest)
  if problem then
    fall_back(self, index + 1, begun, problem)
  end
end

-- A second call for the same request does nothing.
local function receive(self, chain, begun)
  if chain.request ~= begun then
    return
  end
  chain.request, begun.on_end = nil, nil
  local page, outcome = request.settle(begun)
  if page then
    take(self, chain, begun, page, outcome)
  elseif chain.cut and chain.received == 0 and outcome.kind ~= "cancelled" then
    fall_back(self, index_of(self, chain), begun, outcome.message)
  else
    chain.failed = true
  end
end

-- ---- pages to ask for ----------------------------------------------------------------------------

local move_on

local function begin(self, chain, attended)
  chain.request, chain.failed = listing.begin_page(self, last_page(chain).query, attended), false
  chain.request.on_end = function(begun)
    receive(self, chain, begun)
    move_on(self)
  end
  request.subscribe(chain.request)
  return chain.request
end

local function has_met(chain, below)
  return below ~= nil and chain.oldest ~= nil and chain.oldest < below.cut
end

local function wants_page(chain, below)
  local last, count = last_page(chain)
  return last.query and not chain.request and not chain.failed and count < longest
    and not has_met(chain, below)
end

-- Each border between two chains may cost a request: for a page that both have got, or for an empty one.
local function may_open(self)
  local pages = self.kept / self.page_size
  return #self.chains < self.most
    and self.received + #self.chains <= extra_requests + (1 + extra_share) * pages
end

-- The caller's filter comes last. If it undoes the bound, the first item is not below the cut, which `misfit`
-- sees.
local function query_below(self, cut)
  local query = {}
  for name, value in pairs(self.query) do
    query[name] = value
  end
  local bound = ('obj.created_at < timestamp("%s")'):format(time.format(cut))
  query.filter = query.filter and ("%s && (%s)"):format(bound, query.filter) or bound
  query.before_id = nil
  return self.write(query)
end

-- How many pages the chain above the next ones should have; nil where no others should begin below it.
local function guess_reach(self, chain, below)
  local reach = math.min(shortest + math.floor(self.received / 10), longest)
  local left = below and (chain.oldest - below.cut) / chain.span or math.huge
  if left > reach + tolerance then
    return reach
  elseif left > tolerance and not last_page(self.chains[#self.chains]).query then
    return left / 2 -- the end of the list is in sight, and others have nothing to do
  end
end

-- Where chains begin below this one: the cuts, from the newest on. One that has got no page is no base for a
-- guess. They are at most as many as chains have got items, because the list may end there.
local function guess_cuts(self, chain, below)
  local can_open = last_page(chain).query and chain.oldest and not has_met(chain, below)
  local reach = can_open and guess_reach(self, chain, below)
  local cuts = {}
  while reach and #cuts < self.trusted do
    local cut = math.floor(chain.oldest - (reach * (#cuts + 1) - 1) * chain.span)
    if cut <= (below and below.cut + chain.span or 0) then
      break
    end
    cuts[#cuts + 1] = cut
  end
  return cuts
end

local function open_chains(self)
  for index = #self.chains, 1, -1 do
    for count, cut in ipairs(guess_cuts(self, self.chains[index], self.chains[index + 1])) do
      if may_open(self) then
        table.insert(self.chains, index + count, new_chain(query_below(self, cut), cut))
      end
    end
  end
end

-- Opens chains and asks for pages, as far as the bounds allow.
function move_on(self)
  if self.client.core:closed() then
    return
  end
  if not self.is_plain then
    open_chains(self)
  end
  for index, chain in ipairs(self.chains) do
    if wants_page(chain, self.chains[index + 1]) then
      begin(self, chain)
    end
  end
end

-- ---- what listings call --------------------------------------------------------------------------

-- Takes the next page of the first chain, where the program can have it. Of a page that goes below the cut of
-- a chain without a page it cannot: that chain may fail, and this one goes on. A page is taken by one
-- assignment of `at`; the rest follows, at the latest in the next call.
local function take_page(self)
  local chain, below = self.chains[1], self.chains[2]
  local kept, at = chain.taken.next, nil
  if not kept then
    return false
  elseif not (below and kept.oldest and kept.oldest < below.cut) then
    at = { page = kept.page, response = kept.response, index = 0, kept = kept }
  elseif below.received > 0 then
    local page = listing.part_of(kept.page, 1, count_above(kept.page, below.cut))
    at = { page = page, response = kept.response, index = 0, ended = chain }
  end
  self.at = at or self.at
  return at ~= nil
end

local function leave_behind(self)
  local at, chain = self.at, self.chains[1]
  if at.kept and at.kept == chain.taken.next then
    chain.taken = at.kept
  elseif at.ended == chain then
    table.remove(self.chains, 1)
  end
end

-- The chain whose next page decides how to go on; nil at the end of the list.
local function chain_to_wait_for(self)
  local chain, below = self.chains[1], self.chains[2]
  if chain.taken.next then
    return below
  end
  return chain.taken.query and chain or nil
end

-- As the plain walk's: waits for the next page and puts it in its place. Returns true where there is a new
-- page; nil at the end; nil and an error.
local function turn(self)
  while true do
    leave_behind(self)
    if take_page(self) then
      leave_behind(self)
      move_on(self)
      return true
    end
    local chain = chain_to_wait_for(self)
    if not chain then
      drop_from(self, 2)
      return nil, self.chains[1].taken.failure
    end
    local refusal = self.client:cannot_wait(self.operation)
    if refusal then
      return nil, refusal
    end
    local ahead = chain.request
    local begun = ahead or begin(self, chain, true)
    move_on(self)
    local arrived, err = begun:result()
    if not arrived and not begun:done() then
      return nil, err
    end
    receive(self, chain, begun)
    -- One that was begun ahead is asked for again. Where the next chain fails, this one goes on.
    if not arrived and not ahead and chain == self.chains[1] then
      return nil, err
    end
  end
end

-- Cancels the requests under way.
local function stop(self)
  for _, chain in ipairs(self.chains) do
    cancel(chain)
  end
end

--- Makes a new listing walk by several chains.
---@param self table the listing
---@param query table what `list` was given, checked
---@param write fun(query: table): string
function parallel.prepare(self, query, write)
  self.turn, self.stop = turn, stop
  self.chains = { new_chain(self.at.query) }
  self.most = query.parallel == "auto" and chains_of_auto or query.parallel
  self.query, self.write = query, write
  self.is_plain = false
  self.trusted = 0 -- chains that have got items
  self.received = 0 -- pages
  self.kept, self.page_size = 0, 1 -- items that belong to the chain that has got them, and the most of a page
end

return parallel
