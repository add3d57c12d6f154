--- Whichever loop the caller is in, found out at each use: one client may serve several.
local function is_inside(name)
  local module = package.loaded[name]
  return type(module) == "table" and module
end

local function name_of_current()
  local cqueues = is_inside "cqueues"
  if is_inside "ngx" and package.loaded.ngx.get_phase then
    return "nginx"
  elseif cqueues and cqueues.running() then
    return "cqueues"
  elseif rawget(_G, "vim") and (vim.uv or vim.loop) then
    return "uv"
  end
  return "block"
end

local auto = {}

-- What the current one does not have must be nil here, too.
function auto.__index(_, name)
  return require("ngrok.loop." .. name_of_current())[name]
end

return setmetatable({}, auto)
