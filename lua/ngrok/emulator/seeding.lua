--- Templates for credentials that are created without requests.
local seeding = {}

local types = {
  description = "string",
  metadata = "string",
  acl = "table",
  owner_id = "string",
  created_at = "string",
  special = "string",
}

local specials = { tunnel_token = true, default_authtoken = true }

local function check(template)
  for name, value in pairs(template) do
    if type(value) ~= types[name] then
      error(("bad template for a credential: %s"):format(tostring(name)), 0)
    end
  end
  if template.special and not specials[template.special] then
    error("a credential is special as tunnel_token or default_authtoken, not as " .. template.special, 0)
  end
  return template
end

--- Makes templates.
-- @tparam number count how many
-- @tparam ?table|function template one for all, or a function from 1..count to one;
--   default: numbered descriptions
-- @treturn {table,...}
-- @raise a message, when a template is not one
function seeding.templates(count, template)
  local templates = {}
  for index = 1, count do
    local one = template or { description = "credential " .. index }
    if type(template) == "function" then
      one = template(index)
    end
    templates[index] = check(one)
  end
  return templates
end

return seeding
