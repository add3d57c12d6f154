--- One page of a list, and the queries that ask for pages.
local failure = require "ngrok.emulator.failure"
local filter = require "ngrok.emulator.filter"

local listing = {}

local known = { before_id = true, limit = true, filter = true }

-- What may be repeated: the items with one of these values are listed.
local function repeated_of(query)
  local names = {}
  for _, one in ipairs(query) do
    if type(one) == "table" then
      names[one[1]] = true
    end
  end
  return names
end
local largest_page = 100

local function decode(text)
  return (text:gsub("+", " "):gsub("%%(%x%x)", function(digits)
    return string.char(tonumber(digits, 16))
  end))
end

-- Nothing but RFC 3986's unreserved characters stays as it is.
local function encode(text)
  return (text:gsub("[^%w%-._~]", function(character)
    return ("%%%02X"):format(character:byte())
  end))
end

-- The API ignores a parameter that it does not know: ngrok's TypeScript client sends beforeId, and gets only
-- the first page. An empty parameter is one that a client left unset.
local function parse(text, repeated)
  local values, seen, chosen = {}, {}, {}
  for part in (text or ""):gmatch "[^&]+" do
    local name, value = part:match "^([^=]*)=?(.*)$"
    name, value = decode(name), decode(value)
    if known[name] and seen[name] then
      return nil, failure.new(232, name)
    elseif known[name] then
      seen[name], values[name] = true, value ~= "" and value or nil
    elseif repeated[name] and value ~= "" then
      chosen[name] = chosen[name] or {}
      chosen[name][value] = true
    end
  end
  values.chosen = chosen
  return values
end

local function page_size(text)
  if not text then
    return largest_page
  elseif not text:find "^[+-]?%d+$" then
    return nil, failure.new(244, text)
  end
  local size = tonumber(text)
  if size < 1 or size > largest_page then
    return nil, failure.new(233, text)
  end
  return size
end

local function next_query(last, size, given)
  local query = ("before_id=%s&limit=%d"):format(encode(last.id), size)
  query = given.filter and query .. "&filter=" .. encode(given.filter) or query
  for name, values in pairs(given.chosen) do
    for value in pairs(values) do
      query = ("%s&%s=%s"):format(query, name, encode(value))
    end
  end
  return query
end

local function is_chosen(record, chosen)
  for name, values in pairs(chosen) do
    if not values[record[name]] then
      return false
    end
  end
  return true
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
---@param of table the resource
---@param query table what the operation takes in it, see `ngrok.description`
---@param text? string the request's query
---@param is_listed fun(record: table): boolean whether a record belongs to the list
---@return table[]? records newest first
---@return any rest the query of the next page or nil; without records the refusal
function listing.page(of, query, text, is_listed)
  local given, refusal = parse(text, repeated_of(query))
  if not given then
    return nil, refusal
  end
  local size
  size, refusal = page_size(given.limit)
  refusal = refusal or given.before_id and of:check_place(given.before_id)
  if refusal then
    return nil, refusal
  end
  local matches, message = filter.compile(given.filter or "true", of.account.clock(), of.filterable)
  if not matches then
    return nil, failure.new(250, message)
  end
  local page, more = collect(of.store:newest_first(given.before_id), function(record)
    return is_listed(record) and is_chosen(record, given.chosen) and matches(record)
  end, size)
  return page, more and next_query(page[#page], size, given) or nil
end

return listing
