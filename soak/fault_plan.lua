--- Bad fault_plan for an emulator: a share of the requests that come meets a fault, any fault.
local fault_plan = {}
fault_plan.__index = fault_plan

local faults = {
  { kind = "status", status = 500 },
  { kind = "status", status = 502, format = "html" },
  { kind = "status", status = 503, retry_after = 0 },
  { kind = "status", status = 503, format = "none" },
  { kind = "status", status = 429 },
  { kind = "status", status = 429, retry_after = 0 },
  { kind = "reset_before" },
  { kind = "reset_after" },
  { kind = "truncate" },
  { kind = "delay", seconds = 0.05 },
  { kind = "html", status = 200 },
  { kind = "invalid_json" },
  { kind = "empty", status = 200 },
}

-- A refusal makes everybody pause for a second or so, so a soak has room for few of them.
local function is_refusal(fault)
  return fault.status == 429
end

local ahead = 100 -- requests that a forecast covers

---@param emu table
---@param share number of the requests, 0 to 1
---@return table
function fault_plan.new(emu, share)
  return setmetatable({ emu = emu, share = share, covered = 0, told = 0, refusals = 0 }, fault_plan)
end

local function choose(self)
  local fault = faults[math.random(#faults)]
  if is_refusal(fault) then
    self.refusals = self.refusals + 1
    if self.refusals % 25 ~= 1 then
      return choose(self)
    end
  end
  return fault
end

local function copy(fault, after)
  local made = { after = after }
  for name, value in pairs(fault) do
    made[name] = value
  end
  return made
end

--- Makes sure that the requests to come have their fault_plan.
---@param requests number how many have been sent
function fault_plan:forecast(requests)
  if requests < self.covered - ahead / 2 then
    return
  end
  local before = 0
  for offset = 0, ahead - 1 do
    if math.random() < self.share then
      -- A fault counts only the requests that no fault before it has taken.
      self.emu:misbehave(copy(choose(self), offset - before))
      before = before + 1
    end
  end
  self.told = self.told + before
  self.covered = math.max(self.covered, requests) + ahead
end

return fault_plan
