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
  local bare = text:match("^%*%.(.+)$") or text
  return bare:find(".", 1, true) ~= nil and is_host_name(bare)
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

--- Says whether a rule is one that the API takes.
-- @tparam string rule
-- @treturn boolean
function acl.is_rule(rule)
  if rule == "*" or rule == "bind:*" then
    return true
  end
  local value = rule:match("^bind:(.+)$")
  return value ~= nil and (is_domain(value) or is_address(value) or is_label(value))
end

return acl
