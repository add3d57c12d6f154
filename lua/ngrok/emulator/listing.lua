--- One page of the list of credentials.
local failure = require "ngrok.emulator.failure"
local filter = require "ngrok.emulator.filter"
local query = require "ngrok.emulator.query"

local listing = {}

local known = { before_id = true, limit = true, filter = true }
local largest_page = 100

local function single_values(text)
  local values = {}
  for name, given in pairs(query.parse(text)) do
    -- The API passes over a parameter that it does not know: ngrok's TypeScript client says beforeId,
    -- and gets the first page for ever.
    if known[name] and #given > 1 then
      return nil, failure.new(232, name)
    elseif known[name] then
      -- An empty parameter is one that a client left unset.
      values[name] = given[1] ~= "" and given[1] or nil
    end
  end
  return values
end

local function page_size(text)
  if not text then
    return largest_page
  elseif not text:find("^[+-]?%d+$") then
    return nil, failure.new(244, text)
  end
  local size = tonumber(text)
  if size < 1 or size > largest_page then
    return nil, failure.new(233, text)
  end
  return size
end

-- Asked for what came before an id that never existed, an empty page would hide a mistake:
-- so that is a 404. An id that has been deleted is a place like any other.
local function check_place(id, store)
  if not id then
    return nil
  elseif not id:find("^cr_%w+$") then
    return failure.new(223, id)
  elseif not store:knows(id) then
    return failure.new(404, id)
  end
end

local function collect(records, matches, size)
  local page = {}
  for record in records do
    if matches(record) then
      if #page == size then
        return page, true
      end
      page[#page + 1] = record
    end
  end
  return page, false
end

--- Reads a page.
---@param store table the credentials
---@param text? string the request's query: `limit`, `before_id`, `filter`
---@param now number in seconds since 1970, for filters with time.now
---@return table? array of records, newest first
---@return any the query of the next page or nil; or, without a page, the refusal
function listing.page(store, text, now)
  local given, refusal = single_values(text)
  if not given then
    return nil, refusal
  end
  local size
  size, refusal = page_size(given.limit)
  refusal = refusal or check_place(given.before_id, store)
  if refusal then
    return nil, refusal
  end
  local matches, message = filter.compile(given.filter or "true", now)
  if not matches then
    return nil, failure.new(250, message)
  end
  local page, more = collect(store:newest_first(given.before_id), matches, size)
  return page, more and query.format {
    { "before_id", page[#page].id },
    { "limit", ("%d"):format(size) },
    { "filter", given.filter },
  } or nil
end

return listing
