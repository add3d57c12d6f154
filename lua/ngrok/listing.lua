--- A walk over the pages of a list, newest first, with the next page asked for ahead.
local client = require "ngrok.client"
local error_object = require "ngrok.error"
local proxy = require "ngrok.proxy"
local settle = require("ngrok.request").settle
local usage_error = require "ngrok.usage_error"

local listing = {}

--- A walk over a list, once. Call it in a `for`.
---@class ngrok.Listing
---@overload fun(): any
local Listing = {}
Listing.__index = Listing
Listing.__name = "ngrok.listing"

--- Asks for a page.
---@param self table
---@param query string
---@param attended? boolean as of `client.begin`
---@return table request
function listing.begin_page(self, query, attended)
  local target = self.path .. (query ~= "" and "?" .. query or "")
  local what = { method = self.method, target = target, reader = self.reader, origin = self.origin }
  return client.begin(self.client, self.operation, what, self.options, attended)
end

local function closed_error(self)
  return error_object.invalid(self.operation, "the client is closed")
end

local function walk_error(self, problem)
  return error_object.new {
    kind = "decode", phase = "decode", outcome = "unknown", operation = self.operation,
    message = "next_page_uri " .. problem, attempts = 1,
  }
end

--- Where the walk goes on after a page.
---@param self table
---@param page table
---@param seen table<string, true> the queries of the walk so far
---@return string? query of the next page; nil at the end of the walk
---@return ngrok.Error? # where next_page_uri must not be followed
function listing.way_on(self, page, seen)
  if #page == 0 or page.next_page_uri == nil then
    return nil
  end
  local query, problem = self.client.core:page_query(self.path, page.next_page_uri)
  if query and seen[query] then
    problem = "points to a page that was already fetched"
  end
  if problem then
    return nil, walk_error(self, problem)
  end
  return query
end

-- An error of the walk itself (bad input, a next_page_uri that must not be followed) is final. A page that
-- failed to arrive is requested again by the next call.
--
-- One assignment, because memory may run out or a debug hook may raise before it: then the page is put there
-- again.
local function put_in_place(self, page, response)
  local query, failure = listing.way_on(self, page, self.seen)
  self.at = { page = page, response = response, index = 0, query = query, failure = failure }
  if query then
    self.seen[query] = true
  end
  if query and self.prefetch and not self.client.core:closed() then
    self.at.ahead = listing.begin_page(self, query)
  end
end

-- Returns the request for the next page, and whether it was begun ahead. All coroutines that share the walk
-- wait for the same request.
local function request_page(self)
  local at = self.at
  if at.asked and at.asked:done() and not settle(at.asked) then
    at.asked = nil -- it has failed, and its caller has left
  end
  local request = at.asked or at.ahead
  if request then
    return request, request == at.ahead
  elseif self.client.core:closed() then
    return nil
  end
  at.asked = listing.begin_page(self, at.query, true)
  return at.asked, false
end

-- Waits for the next page and puts it in its place, unless another coroutine has done so meanwhile. Returns
-- true where there is a new page; nil at the end; nil and an error.
local function turn(self)
  if self.at.failure then
    return nil, self.at.failure
  elseif not self.at.query then
    return nil
  end
  local refusal = self.client:cannot_wait(self.operation)
  if refusal then
    return nil, refusal
  end
  local request, was_ahead = request_page(self)
  if not request then
    return nil, closed_error(self)
  end
  local page, outcome = request:result()
  local at = self.at
  local is_first = request == (at.asked or at.ahead)
  if page and is_first then
    put_in_place(self, page, outcome)
  elseif not page and is_first then
    at.asked, at.ahead = nil, nil
  end
  if page then
    return true
  elseif was_ahead then -- it failed before anyone called for this page
    return turn(self)
  end
  return nil, outcome
end

--- The next item. Coroutines may share a listing: each item goes to one of them.
---@return any item nil at the end, and when there is an error
---@return ngrok.Error? # after one of the network the next call asks for the page again
function Listing:next()
  while true do
    local at = self.at
    local index = at.index + 1
    local item = at.page and at.page[index]
    if item ~= nil then
      at.index = index
      return item
    end
    local turned, err = self:turn()
    if not turned then
      return nil, err
    end
  end
end

local next_item = Listing.next

-- After the end nothing is left for another `for`, `all` or `pages`. An error is better than an empty walk;
-- `next` returns nil.
local function check_begin(self, what)
  if self.ended then
    usage_error.raise(what .. ": this listing has ended; call list again, "
      .. "or keep the array that all() returns")
  end
end

-- For `for`, which has no place for an error. It passes the item before, which is nil in its first round.
function Listing:__call(_, before)
  if before == nil then
    check_begin(self, "listing")
  end
  local item, err = next_item(self)
  if err then
    error_object.raise(err)
  end
  self.ended = item == nil
  return item
end

local function check_no_arguments(name, ...)
  if select("#", ...) > 0 then
    usage_error.raise(("listing:%s takes no arguments: give limit, before_id, filter and options to list")
      :format(name))
  end
end

-- For another call of `all`. Several coroutines that share the walk may have failed.
local function keep(self, items)
  local gathered = self.gathered
  if gathered then
    for _, item in ipairs(items) do
      gathered[#gathered + 1] = item
    end
  else
    self.gathered = items
  end
end

--- All items that are left.
---@return any[]?
---@return ngrok.Error? # after one of the network another call goes on, with all items so far
--- Raises: after the end
function Listing:all(...)
  check_no_arguments("all", ...)
  check_begin(self, "listing:all")
  local items = self.gathered or {}
  self.gathered = nil
  while true do
    local item, err = next_item(self)
    if err then
      keep(self, items)
      return nil, err
    elseif item == nil then
      self.ended = true
      return items
    end
    items[#items + 1] = item
  end
end

--- A page with some of the items of another.
---@param page table
---@param first integer
---@param last integer
---@return table
function listing.part_of(page, first, last)
  local part = { uri = page.uri, next_page_uri = page.next_page_uri }
  for index = first, last do
    part[#part + 1] = page[index]
  end
  return setmetatable(part, getmetatable(page))
end

-- What `next` has left of its page.
local function rest_of_page(self)
  local at = self.at
  local page, index = at.page, at.index
  at.page = nil
  if not page or index >= #page then
    return nil
  elseif index == 0 then
    return page
  end
  return listing.part_of(page, index + 1, #page)
end

--- Iterates over pages: each an array of items with `uri` and `next_page_uri`.
---@return fun(): ngrok.Page?
--- Raises: the error object, when a page does not arrive; at once after the end
function Listing:pages(...)
  check_no_arguments("pages", ...)
  check_begin(self, "listing:pages")
  local function step()
    while true do
      local page = rest_of_page(self)
      if page then
        return page
      end
      local turned, err = self:turn()
      if err then
        error_object.raise(err)
      elseif not turned then
        self.ended = true
        return nil
      end
    end
  end
  return step, nil, nil, proxy.of(self)
end

--- Cancels the request for a page. Another coroutine may wait for it.
---@param begun? table
function listing.cancel_page(begun)
  if begun then
    begun:cancel()
    if not begun.waiters then
      begun.core:retire()
    end
  end
end

local function stop(self)
  local at = self.at
  local begun = at.asked or at.ahead
  at.asked, at.ahead = nil, nil
  listing.cancel_page(begun)
end

--- Cancels the pages that are in flight. On Lua 5.4 a `for` that is left early calls this; elsewhere the
--- garbage collector does.
function Listing:close()
  self:stop()
end

Listing.__close = Listing.close

function Listing:__tostring()
  return "ngrok.listing: " .. self.path
end

local function raise_unlike_array(name)
  if type(name) == "number" then
    usage_error.raise("a listing is not an array: use `for item in listing do`, listing:next(), or the array "
      .. "that listing:all() returns")
  end
end

local function raise_without_length()
  usage_error.raise("a listing has no length: use #listing:all()")
end

local function raise_without_pairs()
  raise_unlike_array(1)
end

Listing.__len = raise_without_length
Listing.__pairs, Listing.__ipairs = raise_without_pairs, raise_without_pairs

proxy.define(Listing, { noun = "listing", boxed = true, raise_unknown = raise_unlike_array })

---@param owner table the client
---@param from table `operation` name, `method`, `path`, `reader` and `origin` of pages, `query` the first
---   page's, `prefetch`, `options` the call's, `failure` an error that is there from the start
---@return table
function listing.new(owner, from)
  local self = setmetatable({
    client = owner,
    operation = from.operation, method = from.method, path = from.path, reader = from.reader,
    origin = from.origin,
    -- Where the walk is: `page`, its `response` and the `index` in it, the next page's `query` or a
    -- `failure`, and its request: `asked` by a call, or sent `ahead` of it.
    at = { index = 0, query = from.query, failure = from.failure },
    turn = turn, stop = stop, -- or those of ngrok.parallel
    seen = {}, prefetch = from.prefetch ~= false,
    options = {
      timeout = from.options.timeout, max_wait = from.options.max_wait,
      max_retries = from.options.max_retries,
    },
  }, Listing)
  if from.query then
    self.seen[from.query] = true
  end
  return self
end

return listing
