--- The methods of an emulator, wherever its account is.
local fault = require "ngrok.emulator.fault"
local options = require "ngrok.emulator.options"

local methods = {}

--- Adds them to a class.
---@param class table
---@param ask fun(self: table, control: string, argument: any): any calls a control of
---   `ngrok.emulator.exchange`;
---   raises after the account is gone
function methods.add(class, ask)
  --- The credentials that the account holds.
  ---@return table[] # copies, newest first, without tokens
  function class:credentials()
    return ask(self, "credentials")
  end

  --- Creates credentials, or what another service has, without requests. So an account gets what only agents
  --- and visitors make, such as tunnel sessions.
  ---@param service string|integer a service's name ("credentials" where it is left out), or how many
  ---@param count integer|table|function|nil how many
  ---@param template? table|fun(index: integer): table fields by name; a function makes one for each number
  ---   from 1 to `count`. Of a credential `description`, `metadata`, `acl`, `owner_id`, `created_at` and
  ---   `special` ("tunnel_token" or "default_authtoken": it cannot be deleted). Default: values of its own
  ---@return table[] # copies with their tokens, in the order of creation
  --- Raises: a message that names what is wrong in a template, or that there is no such service
  function class:seed(service, count, template)
    if type(service) ~= "string" then
      service, count, template = "credentials", service, count
    end
    return ask(self, "seed", { service = service, templates = options.templates(service, count, template) })
  end

  --- The requests that the emulator has read, the newest last; `keep_requests` of them are kept.
  ---@return ngrok.EmulatedRequest[]
  function class:requests()
    return ask(self, "requests")
  end

  --- Adds a fault: the next request that it concerns meets it. Over HTTP/2 a fault that breaks the connection
  --- breaks the request's stream, and other requests on the connection go on.
  ---@param description ngrok.Fault
  ---@return ngrok.Emulator # the emulator itself
  --- Raises: a message that names what is wrong in the description
  function class:misbehave(description)
    ask(self, "misbehave", fault.describe(description))
    return self
  end

  --- Forgets credentials, faults and requests.
  function class:reset()
    ask(self, "reset")
  end
end

return methods
