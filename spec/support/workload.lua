--- What a program asks of a client at once, and what it gets: in every host the same.
local workload = {}
workload.__index = workload

--- Requests that are asked at once.
workload.requests = 30

--- How credentials are called that are to be listed.
workload.seeded = "made before"

--- Ways to ask: client, attributes, what begins a coroutine, what takes the result.
workload.ways = {
  plain = function(credentials, attributes, go, take)
    go(function() take(credentials:create(attributes)) end)
  end,
  on_done = function(credentials, attributes, _, take)
    credentials:create(attributes, { on_done = take })
  end,
  handle = function(credentials, attributes, go, take)
    local request = credentials:create(attributes, { wait = false })
    go(function() take(request:result()) end)
  end,
}

---@param client table
---@param go function begins a coroutine as programs do in this host
---@param ticks function how often the host has come to do something else
---@return table
function workload.new(client, go, ticks)
  return setmetatable({
    client = client, go = go, ticks = ticks, responses = 0, tokens = 0, walks = 0, listed = 0, seen = {},
    stalls = {},
  }, workload)
end

local function take(self, description, made, err)
  assert(made, err)
  assert(made.description == description, "somebody else's response")
  assert(not self.seen[description], "a second response")
  assert(not self.seen[made.token], "somebody else's token")
  self.seen[description], self.seen[made.token] = true, true
  self.responses, self.tokens = self.responses + 1, self.tokens + 1
  self.first = self.first or self.ticks()
  self.last = self.ticks()
end

--- Asks at once for as many credentials as there are requests.
---@param ways function[] in turn
function workload:start(ways)
  self.asked = self.ticks()
  for index = 1, workload.requests do
    local description = "workload " .. index
    ways[index % #ways + 1](self.client.credentials, { description = description }, self.go,
      function(made, err) take(self, description, made, err) end)
  end
end

--- Lists what was seeded.
function workload:list()
  self.go(function()
    local seen, begun = {}, self.ticks()
    for credential in self.client.credentials:list() do
      if credential.description == workload.seeded and not seen[credential.id] then
        seen[credential.id] = true
        self.listed = self.listed + 1
      end
    end
    self.walked, self.walks = self.ticks() - begun, self.walks + 1
  end)
end

---@return boolean whether all was answered
function workload:is_done()
  return self.responses >= workload.requests and self.walks > 0
end

--- What became of it. Requests are more than the client has in flight at once, so that between the first
--- response and the last there is one round trip; before the first response there are several.
---@return string
function workload:report()
  local went_on = self.first > self.asked and self.last > self.first and self.walked > 0
  return ("%d responses, %d tokens, %d listed, the host %s"):format(self.responses, self.tokens, self.listed,
    went_on and "went on" or "was stalled")
end

return workload
