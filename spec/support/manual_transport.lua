--- A transport that a spec plays itself: attempts wait until the spec responds to them.
local manual_transport = {}
manual_transport.__index = manual_transport

---@return table transport, to be passed to `ngrok.client` as it is; `attempts` that came, in
---   their order; `open` how many wait, `most_open` how many ever were at once
function manual_transport.new()
  return setmetatable({ attempts = {}, open = 0, most_open = 0, api_key = "ak1_scripted" }, manual_transport)
end

function manual_transport:__call(attempt, done)
  self.open = self.open + 1
  self.most_open = math.max(self.most_open, self.open)
  self.attempts[#self.attempts + 1] = { description = attempt, done = done }
end

--- Responds to an attempt.
---@param number integer which
---@param ... any what `done` takes
function manual_transport:respond(number, ...)
  self.open = self.open - 1
  self.attempts[number].done(...)
end

--- Responds to all attempts that wait, as an emulator in this process would. Nothing else may respond to any.
---@param emu table
function manual_transport:respond_to_all(emu)
  for number = #self.attempts - self.open + 1, #self.attempts do
    self:respond(number, emu(self.attempts[number].description))
  end
end

--- A response with a credential.
---@param id? string
---@param status? integer default 200
---@return table response
function manual_transport.credential(id, status)
  local body = '{"id":"%s","uri":"","created_at":"2023-07-31T23:17:18Z","token":null,"acl":[]}'
  body = body:format(id or "cr_1")
  return { status = status or 200, headers = { ["Content-Type"] = "application/json" }, body = body }
end

--- A response with a page of credentials.
---@param ids string[]
---@param next_page_uri? string
---@return table response
function manual_transport.page(ids, next_page_uri)
  local items = {}
  for index, id in ipairs(ids) do
    items[index] = manual_transport.credential(id).body
  end
  local after = next_page_uri and '"' .. next_page_uri .. '"' or "null"
  local body = ('{"credentials":[%s],"uri":"https://api.ngrok.com/credentials","next_page_uri":%s}'):format(
    table.concat(items, ","), after)
  return { status = 200, headers = {}, body = body }
end

return manual_transport
