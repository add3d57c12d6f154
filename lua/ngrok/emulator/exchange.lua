--- One account as its hosts see it: requests come in, meet faults, are remembered, and get responses.
local account = require "ngrok.emulator.account"
local fault = require "ngrok.emulator.fault"

local exchange = {}
exchange.__index = exchange

--- Makes an account with its controls.
---@param options table as of `account.new`, and `keep_requests`: how many are remembered (default 1000)
---@return table # exchange with `account`
function exchange.new(options)
  local self = { account = account.new(options), keep_requests = options.keep_requests or 1000 }
  self.faults, self.log, self.logged = fault.queue(), {}, 0
  return setmetatable(self, exchange)
end

local function remember(self, request)
  local entry = {}
  for name, value in pairs(request) do
    entry[name] = value
  end
  self.logged = self.logged + 1
  self.log[self.logged] = entry
  self.log[self.logged - self.keep_requests] = nil
  return entry
end

--- Responds to a request, or says how not to.
---@param request table as of `account:request`; other members are remembered with it
---@return table response when the fault is one of the wire, what it would have been
---@return table? met description of the fault that it met
function exchange:perform(request)
  local entry, met = remember(self, request), self.faults:take(request)
  if not met then
    local response = self.account:request(request)
    entry.status = response.status
    return response
  end
  local response = { status = 200, headers = {}, body = "" }
  if fault.is_processed(met) then
    response = self.account:request(request)
  end
  local query = request.query and "?" .. request.query or ""
  local own_uri = (request.base_url or self.account.base_url) .. request.path .. query
  response = fault.change(met, response, own_uri)
  entry.fault = met.kind
  entry.status = not fault.is_silent(met) and response.status or nil
  return response, met
end

--- What `ngrok.emulator.methods` asks for, by name. Arguments and results are plain data.
exchange.controls = {}
local controls = exchange.controls

function controls.credentials(self)
  return self.account:credentials()
end

function controls.seed(self, seed)
  local created = {}
  for position, template in ipairs(seed.templates) do
    created[position] = self.account:add(seed.service, template)
  end
  return created
end

function controls.requests(self)
  local entries = {}
  for position = math.max(1, self.logged - self.keep_requests + 1), self.logged do
    entries[#entries + 1] = self.log[position]
  end
  return entries
end

function controls.misbehave(self, description)
  self.faults:add(description)
end

function controls.reset(self)
  self.account:reset()
  self.faults, self.log, self.logged = fault.queue(), {}, 0
end

return exchange
