--- The loop that the caller is in, determined at each use: one client may serve several.
local block = require "ngrok.loop.block"
local part = require "ngrok.part"

local auto = {}

local loaded = package.loaded

local vim = rawget(_G, "vim")
local is_in_editor = vim and (vim.uv or vim.loop) and true or false

---@return string # the name of the loop that a call made here and now would use
function auto.current()
  local ngx, cqueues = loaded.ngx, loaded.cqueues
  if ngx and type(ngx) == "table" and ngx.get_phase then
    return "nginx"
  elseif cqueues and type(cqueues) == "table" and cqueues.running() then
    return "cqueues"
  elseif is_in_editor then
    return "uv"
  end
  return "block"
end

--- Loads what calls may need later, when files may be out of reach: by chdir or chroot, or for lack of
--- descriptors.
---@return string? problem why it cannot be loaded now
function auto.load()
  local _, problem = part.load("ngrok.loop." .. auto.current())
  if not problem and loaded.cqueues then
    _, problem = part.load "ngrok.loop.cqueues"
  end
  return problem
end

-- Replaces a loop that can no longer be loaded: it refuses to wait.
local function not_loaded(name, err)
  local why = ("ngrok.loop.%s does not load here: load the host's library before the client is made (%s)")
    :format(name, tostring(err):match "^[^\n]*")
  return setmetatable({ refusal = function() return why end }, { __index = block })
end

local loops = { block = block } -- by name

--- The loop that the caller is in.
---@return table
function auto.here()
  local name = auto.current()
  local loop = loops[name]
  if loop then
    return loop
  end
  local fine, found = pcall(require, "ngrok.loop." .. name)
  if not fine then
    return not_loaded(name, found)
  end
  loops[name] = found
  return found
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
  local current = auto.here()
  current.watch(client, attended)
  if next(client.watching) and client:pending() == 0 then
    call_others("watch", current, client)
  end
end

--- As in the current loop, and in those that the client was used in before.
---@param client table
function auto.release(client)
  local current = auto.here()
  if current.release then
    current.release(client)
  end
  call_others("release", current, client)
end

-- What the current one does not have must be nil here, too.
return setmetatable(auto, {
  __index = function(_, name)
    return auto.here()[name]
  end,
})
