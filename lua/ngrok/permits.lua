--- What a credential's rules permit, judged here: nothing is asked of the server.
local core = require "ngrok.core"
local error_object = require "ngrok.error"
local usage_error = require "ngrok.usage_error"

--- May an agent that uses this credential bind that name? True and false are certain; nil where it cannot be
--- judged.
---@param self ngrok.Credential
---@param name string a domain ("x.example.com"), a wildcard domain ("*.example.com"), an address
---  ("1.tcp.ngrok.io:20002") or a label ("key=value")
---@return boolean? permitted nil when the name is not valid, or when only a rule of a kind that this version
---  does not know could permit it
---@return ngrok.Error? err says why it is nil
--- Raises: when `name` is not a string
return function(self, name)
  if type(name) ~= "string" then
    usage_error.raise(("credential:permits: name must be a string, got %s"):format(type(name)))
  end
  local permitted, problem = core.permits(self.acl, name)
  if permitted == nil then
    return nil, error_object.invalid("credentials.permits", problem)
  end
  return permitted
end
