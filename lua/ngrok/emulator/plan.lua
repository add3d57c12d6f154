--- What the account's plan pays for.
local acl = require "ngrok.emulator.acl"
local failure = require "ngrok.emulator.failure"

local plan = {}

local function contains(list, wanted)
  for _, member in ipairs(list) do
    if member == wanted then
      return true
    end
  end
  return false
end

--- Checks rules that are well formed.
---@param allowed? table `acl_rules`: array of the kinds of rule that the plan allows (see
---   `acl.kind`), empty for none; nil for all
---@param rules? {string,...}
---@return table? refusal
function plan.check_rules(allowed, rules)
  local kinds = allowed and allowed.acl_rules
  if not kinds or not rules or #rules == 0 then
    return nil
  elseif #kinds == 0 then
    return failure.new(620)
  end
  for _, rule in ipairs(rules) do
    local kind = acl.kind(rule)
    if kind ~= "any" and not contains(kinds, kind) then
      return failure.new(619, rule)
    end
  end
end

return plan
