--- A walk over the pages of a list, newest first, with the next page asked for ahead.
local client = require "ngrok.client"
local core = require "ngrok.core"
local error_object = require "ngrok.error"
local misuse = require "ngrok.misuse"

local listing = {}

local Listing = {}
Listing.__index = Listing
Listing.__name = "ngrok.listing"

-- Null, as cjson has it, for an array without items: some servers write that.
local function items_of(self, decoded)
  local items = type(decoded) == "table" and decoded[self.list_field]
  if type(items) == "userdata" then
    return {}
  elseif type(items) ~= "table" or (next(items) ~= nil and #items == 0) then
    return nil
  end
  return items
end

-- A page of resources from the decoded answer; items are changed in place.
local function read_page(self, decoded)
  local items = items_of(self, decoded)
  if not items then
    return nil, ("the answer is no page: %s is no array"):format(self.list_field)
  end
  local made, problem = core.resources(self.schema, items, self.client)
  if not made then
    return nil, problem
  end
  local next_page_uri = decoded.next_page_uri
  -- Anything but a string or null would end the walk without a word.
  if next_page_uri ~= nil and type(next_page_uri) ~= "string" and type(next_page_uri) ~= "userdata" then
    return nil, "the answer is no page: next_page_uri is no string"
  end
  items.uri = type(decoded.uri) == "string" and decoded.uri or nil
  items.next_page_uri = type(next_page_uri) == "string" and next_page_uri or nil
  return items
end

-- One for all listings: LuaJIT's traces hold on to the functions that they have seen called, and one that
-- belonged to a listing would keep it, and its page under way, after everybody else has dropped it.
local function read_answer(owner, handle, self)
  if not handle:succeeded() then
    return nil, error_object.from_report(owner.core, self.operation, handle:report())
  end
  local decoded = handle:decode()
  local page, problem
  if decoded ~= nil then
    page, problem = read_page(self, decoded)
  end
  if not page then
    return nil, error_object.undecodable(owner.core, self.operation, handle:report(), problem)
  end
  return page
end

-- A walk's own failure (bad input, a next_page_uri that must not be followed) stays; a page that
-- could not be had may be had when it is asked for again.
local function begin_page(self, query)
  local target = self.path .. (query ~= "" and "?" .. query or "")
  local what = { method = self.method, target = target, into = self }
  return client.begin(self.client, self.operation, what, read_answer, self.options)
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

local function fetch(self)
  local refusal = self.client:cannot_wait(self.operation)
  if refusal then
    return nil, refusal
  end
  local ahead = self.ahead
  self.ahead = nil
  if ahead then
    local page = ahead:result()
    if page then
      return page
    end
  end
  if self.client.core:closed() then
    return nil, closed_error(self)
  end
  return begin_page(self, self.query):result()
end

-- Sets where the walk goes on after a page: `query`, or nil at its end, or `failure`.
local function find_way_on(self, page)
  self.query = nil
  if #page == 0 or page.next_page_uri == nil then
    return
  end
  local query, problem = self.client.core:page_query(self.path, page.next_page_uri)
  if query and self.seen[query] then
    problem = "leads back to a page of this walk"
  end
  if problem then
    self.failure = walk_error(self, problem)
    return
  end
  self.seen[query] = true
  self.query = query
  if self.prefetch and not self.client.core:closed() then
    self.ahead = begin_page(self, query)
  end
end

-- The next page with anything on it; nil at the end; nil and an error.
local function next_page(self)
  if self.failure then
    return nil, self.failure
  elseif not self.query then
    return nil
  end
  local page, err = fetch(self)
  if not page then
    return nil, err
  end
  find_way_on(self, page)
  if #page == 0 then
    return nil
  end
  return page
end

--- The next item.
-- @treturn ?userdata nil at the end, and when there is an error
-- @treturn ?error after one of the network the page is asked for again by the next call
function Listing:next()
  local page, index = self.page, self.index + 1
  local item = page and page[index]
  if item == nil then
    local err
    page, err = next_page(self)
    self.page, self.index = page, 0
    if not page then
      return nil, err
    end
    index, item = 1, page[1]
  end
  self.index = index
  return item
end

local next_item = Listing.next

-- For `for`, which has no place for an error. State and control are of no use to us.
function Listing:__call()
  local item, err = next_item(self)
  if err then
    error_object.raise(err)
  end
  return item
end

--- All items that are left.
-- @treturn ?table array
-- @treturn ?error after one of the network another call goes on, with all that was had before
function Listing:all()
  local items = self.gathered or {}
  self.gathered = nil
  while true do
    local item, err = self:next()
    if err then
      self.gathered = items
      return nil, err
    elseif item == nil then
      return items
    end
    items[#items + 1] = item
  end
end

-- What `next` has left of its page.
local function rest_of_page(self)
  local page, index = self.page, self.index
  self.page = nil
  if not page or index >= #page then
    return nil
  end
  local rest = { uri = page.uri, next_page_uri = page.next_page_uri }
  for i = index + 1, #page do
    rest[#rest + 1] = page[i]
  end
  return rest
end

--- Iterates over pages: each an array of items with `uri` and `next_page_uri`.
-- @return what a `for` takes
-- @raise the error object, when a page cannot be had
function Listing:pages()
  local function step()
    local page, err = rest_of_page(self), nil
    if not page then
      page, err = next_page(self)
    end
    if err then
      error_object.raise(err)
    end
    return page
  end
  return step, nil, nil, self
end

--- Gives up the page that is under way. A `for` left early does so itself on Lua 5.4; elsewhere
-- collection does.
function Listing:close()
  local ahead = self.ahead
  self.ahead = nil
  if ahead then
    ahead:cancel()
    ahead.core:retire()
  end
end

Listing.__close = Listing.close

function Listing:__tostring()
  return "ngrok.listing: " .. self.path
end

misuse.guard(Listing)

--- @tparam table owner the client
-- @tparam table from `operation` name, `method`, `path`, `schema`, `list_field`, `query` the first
--   page's, `prefetch`, `options` the call's, `failure` an error that the walk begins with
-- @treturn table
function listing.new(owner, from)
  local self = setmetatable({
    client = owner,
    operation = from.operation, method = from.method, path = from.path,
    schema = from.schema, list_field = from.list_field,
    index = 0, -- in the page
    query = from.query, seen = {}, prefetch = from.prefetch ~= false,
    options = {
      timeout = from.options.timeout, max_wait = from.options.max_wait,
      max_retries = from.options.max_retries,
    },
    failure = from.failure,
  }, Listing)
  if self.query then
    self.seen[self.query] = true
  end
  return self
end

return listing
