--- What becomes of tunnel sessions beside what their description says.
local tunnel_sessions = {}

--- A session ends with its agent.
---@param account table
---@param record table
function tunnel_sessions.stop(account, _, record)
  account:resource "tunnel_sessions".store:remove(record.id)
end

return tunnel_sessions
