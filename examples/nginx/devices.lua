--- What nginx.conf runs. A call waits as nginx does: the worker serves others meanwhile.
local cjson = require "cjson"
local ngrok = require "ngrok"

-- Browsers and devices do not wait for minutes: the response says when to come again.
local client = ngrok.check(ngrok.client { timeout = 10, max_wait = 5 })

local retry_after = 15 -- seconds, where no server has said how long

local longest_issue = 60 -- seconds, more than two requests take; after that a name is free again

local lines_at_once = 100

local not_a_name = "a name is up to 63 small letters, digits and hyphens, with no hyphen at its ends"

local devices = {}

local function respond(status, fields)
  ngx.status = status
  ngx.header["Content-Type"] = "application/json"
  ngx.header["Cache-Control"] = "no-store" -- there may be a token in it
  ngx.say(cjson.encode(fields))
end

-- Neither the account's limit nor our key is the caller's fault.
local function status_of(err)
  if err.kind == "invalid" or err.status == 400 then
    return ngx.HTTP_BAD_REQUEST
  elseif err:is_not_found() then
    return ngx.HTTP_NOT_FOUND
  elseif err.phase == "wait" or err.status == 429 then
    return ngx.HTTP_SERVICE_UNAVAILABLE
  end
  return ngx.HTTP_BAD_GATEWAY
end

local function fail(err, more)
  local status = status_of(err)
  if status == ngx.HTTP_SERVICE_UNAVAILABLE then
    ngx.header["Retry-After"] = math.ceil(err.retry_after or retry_after)
  elseif status == ngx.HTTP_BAD_GATEWAY then
    ngx.log(ngx.ERR, tostring(err)) -- has neither key nor token in it
  end
  local fields = more or {}
  fields.error = err.message
  respond(status, fields)
end

local function is_name(text)
  return #text <= 63 and text:find "^[a-z0-9-]+$" and not text:find "^%-" and not text:find "%-$"
end

local function named(name, options)
  return client.credentials:list({ filter = ('obj.description == "device %s"'):format(name) }, options)
end

-- A credential that may exist although its token is lost.
local function stray(name)
  return {
    warning = "a credential may have been made, and its token is lost: look for it, and revoke it",
    find = "/devices?name=" .. name,
  }
end

local function give_out(name)
  local holder, problem = named(name, { prefetch = false }):next()
  if problem then
    return fail(problem)
  elseif holder then
    return respond(ngx.HTTP_CONFLICT, { error = "taken: revoke its credential first", id = holder.id })
  end
  local credential, err = client.credentials:create {
    description = "device " .. name,
    acl = { ("bind:%s.devices.example.com"):format(name) },
  }
  if not credential then
    return fail(err, err.outcome == "unknown" and stray(name) or nil)
  end
  ngx.log(ngx.NOTICE, "issued ", credential.id, " to ", name)
  respond(ngx.HTTP_CREATED, { id = credential.id, token = credential.token })
end

--- Makes a credential and tells its token, once. A name is given out once, until its credential is
-- revoked. A caller who missed the response, and with it the token, learns of it by asking again.
function devices.issue()
  local name, names = ngx.var.name, ngx.shared.names
  if not is_name(name) then -- "*" would be everybody's domain
    return respond(ngx.HTTP_BAD_REQUEST, { error = not_a_name })
  elseif not names:add(name, true, longest_issue) then -- ngrok itself lets two have the same
    return respond(ngx.HTTP_CONFLICT, { error = "this name is being given out" })
  end
  give_out(name)
  names:delete(name)
end

-- All of them, or the one of a name.
local function listing()
  local name = ngx.var.arg_name
  if not name then
    return client.credentials:list()
  end
  return is_name(name) and named(name)
end

local function line_of(credential)
  local rules = credential.acl
  return cjson.encode {
    id = credential.id, description = credential.description,
    acl = rules[1] and rules or nil, -- no array for cjson, but {}
  } .. "\n"
end

--- Lists credentials while their pages come: at no time more than two pages are held.
function devices.list()
  local all = listing()
  if not all then
    return respond(ngx.HTTP_BAD_REQUEST, { error = not_a_name })
  end
  local credential, err = all:next()
  if err then
    return fail(err)
  end
  ngx.header["Content-Type"] = "application/x-ndjson"
  local count = 0
  while credential do
    ngx.print(line_of(credential))
    count = count + 1
    if count % lines_at_once == 0 and not ngx.flush(true) then
      return -- the caller has left
    end
    credential, err = all:next()
  end
  if err then -- too late for a status: the response is cut off, so that it is not taken for complete
    ngx.log(ngx.ERR, tostring(err))
    ngx.flush(true)
    ngx.exit(ngx.ERROR)
  end
end

--- Revokes a credential: its agents can not connect any more.
function devices.revoke()
  local fine, err = client.credentials:delete(ngx.var.name)
  if not fine then
    return fail(err)
  end
  ngx.log(ngx.NOTICE, "revoked ", ngx.var.name)
  ngx.exit(ngx.HTTP_NO_CONTENT)
end

--- Responds to a request by its method.
---@param methods table functions by name
function devices.serve(methods)
  local method = methods[ngx.req.get_method()]
  if method then
    return method()
  end
  local names = {}
  for name in pairs(methods) do
    names[#names + 1] = name
  end
  ngx.header["Allow"] = table.concat(names, ", ")
  ngx.exit(ngx.HTTP_NOT_ALLOWED)
end

return devices
