--- Tunnel credentials, as a table of descriptions: https://ngrok.com/docs/api/resources/tunnel-credentials/
-- Another resource of the API is another such table and a schema in the core.
local core = require "ngrok.core"
local error_object = require "ngrok.error"
local usage_error = require "ngrok.usage_error"

local methods = {}

--- May an agent that uses this credential bind that name? Judged here, by the rules of `acl` as this
--- object knows them; nothing is asked of the server. True and false are certain: what cannot be
--- judged is neither.
---@param name string a domain ("x.example.com"), a wildcard domain ("*.example.com"), an address
---   ("1.tcp.ngrok.io:20002") or a label ("key=value")
---@return boolean? nil where the name is none of these, and where the response hangs on a rule of a
---   kind that this version does not know
---@return ngrok.Error? says why it is nil
--- Raises: when `name` is no string
function methods.permits(self, name)
  if type(name) ~= "string" then
    usage_error.raise(("credential:permits: name must be a string, got %s"):format(type(name)))
  end
  local permitted, problem = core.permits(self.acl, name)
  if permitted == nil then
    return nil, error_object.invalid("credentials.permits", problem)
  end
  return permitted
end

return {
  name = "credentials",
  path = "/credentials",
  schema = "credential", -- in the core
  list_field = "credentials", -- where a page keeps its items
  operations = {
    create = { method = "POST", attributes = true, response = "resource" },
    get = { method = "GET", id = true, response = "resource" },
    update = { method = "PATCH", id = true, attributes = true, response = "resource" },
    delete = { method = "DELETE", id = true, response = "nothing" },
    list = { method = "GET", response = "page", query = { "limit", "before_id", "filter" } },
  },
  methods = methods, -- of each credential, beside those that all resources have
}
