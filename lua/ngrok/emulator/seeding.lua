--- Templates for credentials that are created without requests.
local usage = require "ngrok.emulator.usage"

local seeding = {}

local rules = {
  description = "string",
  metadata = "string",
  acl = "table",
  owner_id = "string",
  created_at = "string",
  special = { tunnel_token = true, default_authtoken = true },
}

local what = "a credential to seed"

local function check(template)
  usage.check(template, rules, what)
  usage.check_strings(template.acl or {}, "acl", what)
  return template
end

--- Makes templates.
---@param count number how many
---@param template? table|function one for all, or a function from 1..count to one;
---   default: numbered descriptions
---@return {table,...}
--- Raises: a message, when a template is not one
function seeding.templates(count, template)
  usage.check_value(count, "whole number", "count", "seed(count, template)")
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
