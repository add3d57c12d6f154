--- A transport that a spec plays itself: attempts wait until the spec responds to them.
local scripted = {}
scripted.__index = scripted

---@return table transport, to be passed to `ngrok.client` as it is; `attempts` that came, in
---   their order; `open` how many are unanswered, `most_open` how many ever were at once
function scripted.new()
  return setmetatable({ attempts = {}, open = 0, most_open = 0, api_key = "ak1_scripted" }, scripted)
end

function scripted:__call(attempt, done)
  self.open = self.open + 1
  self.most_open = math.max(self.most_open, self.open)
  self.attempts[#self.attempts + 1] = { description = attempt, done = done }
end

--- Responds to an attempt.
---@param number integer which
---@param ... any what `done` takes
function scripted:respond(number, ...)
  self.open = self.open - 1
  self.attempts[number].done(...)
end

--- Responds to all attempts that wait as an emulator does. Nothing else may respond to any.
---@param emu table
function scripted:respond_to_all(emu)
  for number = #self.attempts - self.open + 1, #self.attempts do
    self:respond(number, emu(self.attempts[number].description))
  end
end

--- A response with a credential.
---@param id? string
---@param status? integer default 200
---@return table response
function scripted.credential(id, status)
  local body = '{"id":"%s","uri":"","created_at":"2023-07-31T23:17:18Z","token":null,"acl":[]}'
  body = body:format(id or "cr_1")
  return { status = status or 200, headers = { ["Content-Type"] = "application/json" }, body = body }
end

--- A response with a page of credentials.
---@param ids {string,...}
---@param next_page_uri? string
---@return table response
function scripted.page(ids, next_page_uri)
  local items = {}
  for index, id in ipairs(ids) do
    items[index] = scripted.credential(id).body
  end
  local after = next_page_uri and '"' .. next_page_uri .. '"' or "null"
  local body = ('{"credentials":[%s],"uri":"https://api.ngrok.com/credentials","next_page_uri":%s}'):format(
    table.concat(items, ","), after)
  return { status = 200, headers = {}, body = body }
end

return scripted
