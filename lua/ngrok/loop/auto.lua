--- Whichever loop the caller is in, found out at each use: one client may serve several.
local block = require "ngrok.loop.block"
local part = require "ngrok.part"

local function loaded(name)
  local module = package.loaded[name]
  return type(module) == "table" and module
end

local function is_in_editor()
  local vim = rawget(_G, "vim")
  return vim and (vim.uv or vim.loop)
end

local auto = {}

---@return string the name of the loop that a call made here and now would use
function auto.current()
  local ngx, cqueues = loaded "ngx", loaded "cqueues"
  if ngx and ngx.get_phase then
    return "nginx"
  elseif cqueues and cqueues.running() then
    return "cqueues"
  elseif is_in_editor() then
    return "uv"
  end
  return "block"
end

--- Loads what calls may need later, when files may be out of reach: by chdir or chroot, or for lack of
--- descriptors.
---@return string? problem why it cannot be loaded now
function auto.load()
  local _, problem = part.load("ngrok.loop." .. auto.current())
  if not problem and loaded "cqueues" then
    _, problem = part.load "ngrok.loop.cqueues"
  end
  return problem
end

-- The current loop. Where it cannot be loaded any more, a loop that refuses to wait and says why.
local function find()
  local name = "ngrok.loop." .. auto.current()
  local fine, loop = pcall(require, name)
  if fine then
    return loop
  end
  local why = ("%s does not load here: load the host's library before the client is made (%s)"):format(name,
    tostring(loop):match "^[^\n]*")
  return setmetatable({ refusal = function() return why end }, { __index = block })
end

local function call_others(name, current, client)
  for loop in pairs(client.watching) do
    if loop ~= current and loop[name] then
      loop[name](client)
    end
  end
end

--- As in the current loop. The loops that the client was used in before learn when nothing is under way.
---@param client table
---@param attended? boolean
function auto.watch(client, attended)
  local current = find()
  current.watch(client, attended)
  if client:pending() == 0 then
    call_others("watch", current, client)
  end
end

--- As in the current loop, and in those that the client was used in before.
---@param client table
function auto.release(client)
  local current = find()
  if current.release then
    current.release(client)
  end
  call_others("release", current, client)
end

-- What the current one does not have must be nil here, too.
return setmetatable(auto, {
  __index = function(_, name)
    return find()[name]
  end,
})
