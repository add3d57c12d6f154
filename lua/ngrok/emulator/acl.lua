--- The grammar of ACL rules, as the credential's page describes it: `*`, or `bind:` and a domain,
-- a domain with a leading wildcard, an address, or a label.
local acl = {}

local function is_host_name(text)
  if #text > 253 or text:find("..", 1, true) then
    return false
  end
  for part in text:gmatch("[^.]+") do
    local edges_are_fine = part:match("^%w") and part:match("%w$")
    if #part > 63 or part:find("[^%w%-]") or not edges_are_fine then
      return false
    end
  end
  return text:match("^%w") ~= nil and text:match("%w$") ~= nil
end

local function is_domain(text)
  return text:find(".", 1, true) ~= nil and is_host_name(text)
end

local function is_wildcard(text)
  return text:sub(1, 2) == "*." and is_domain(text:sub(3))
end

local function is_address(text)
  local host, port = text:match("^(.+):(%d+)$")
  local number = tonumber(port)
  return number ~= nil and number >= 1 and number <= 65535 and is_host_name(host)
end

local function is_label(text)
  local key, value = text:match("^([^=]+)=(.+)$")
  return key ~= nil and not text:find("[%s%c]") and not value:find("=", 1, true)
end

local tests = { domain = is_domain, wildcard = is_wildcard, address = is_address, label = is_label }

--- The kinds of rule, but for those that permit everything.
acl.kinds = { domain = true, wildcard = true, address = true, label = true }

--- Says of what kind a rule is.
---@param rule string
---@return string? # "any" (`*` and `bind:*`), "domain", "wildcard", "address" or "label"; nil for one
---   that the API does not take
function acl.kind(rule)
  if rule == "*" or rule == "bind:*" then
    return "any"
  end
  local value = rule:match("^bind:(.+)$")
  for kind, test in pairs(tests) do
    if value and test(value) then
      return kind
    end
  end
end

return acl
