--- What the API tells of an endpoint beside what it was given.
local endpoints = {}

local ports = { http = 80, https = 443 }

--- Takes the URL apart.
---@param values table
function endpoints.create(_, values)
  local scheme, hostport = values.url:match "^(%a+)://([^/]+)"
  if scheme then
    local host, port = hostport:match "^(.-):(%d+)$"
    values.scheme, values.proto, values.public_url = scheme, scheme, values.url
    values.host, values.port = host or hostport, tonumber(port) or ports[scheme]
    values.hostport = values.port and ("%s:%d"):format(values.host, values.port) or hostport
  end
end

--- The same for another URL.
---@param values table
function endpoints.update(_, values)
  if values.url then
    endpoints.create(nil, values)
  end
end

return endpoints
