--- A plan of faults for an emulator: a share of its requests meets one of any kind.
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

local ahead = 100 -- requests

---@param emu table
---@param share number of the requests, 0 to 1
---@return table plan with `planned`, how many faults it has set
function fault_plan.new(emu, share)
  return setmetatable({ emu = emu, share = share, covered = 0, planned = 0, refusals = 0 }, fault_plan)
end

-- After a 429 all requests pause for a second or so, so a soak has time for few of them.
local function choose(self)
  local fault = faults[math.random(#faults)]
  if fault.status == 429 then
    self.refusals = self.refusals + 1
    if self.refusals % 25 ~= 1 then
      return choose(self)
    end
  end
  return fault
end

--- Sets the faults of the requests to come.
---@param requests number how many have been sent
function fault_plan:extend(requests)
  if requests < self.covered - ahead / 2 then
    return
  end
  local before = 0
  for offset = 0, ahead - 1 do
    if math.random() < self.share then
      -- `after` counts only the requests that no earlier fault meets.
      local fault = { after = offset - before }
      for name, value in pairs(choose(self)) do
        fault[name] = value
      end
      self.emu:misbehave(fault)
      before = before + 1
    end
  end
  self.planned = self.planned + before
  self.covered = math.max(self.covered, requests) + ahead
end

return fault_plan
