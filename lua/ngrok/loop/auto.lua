--- Whichever loop the caller is in, found out at each use: one client may serve several.
local function is_inside(name)
  local module = package.loaded[name]
  return type(module) == "table" and module
end

local function is_in_editor()
  local vim = rawget(_G, "vim")
  return vim and (vim.uv or vim.loop)
end

local auto = {}

--- @treturn string the name of the loop that a call made here and now would use
function auto.current()
  local cqueues = is_inside "cqueues"
  if is_inside "ngx" and package.loaded.ngx.get_phase then
    return "nginx"
  elseif cqueues and cqueues.running() then
    return "cqueues"
  elseif is_in_editor() then
    return "uv"
  end
  return "block"
end

-- What the current one does not have must be nil here, too.
return setmetatable(auto, {
  __index = function(_, name)
    return require("ngrok.loop." .. auto.current())[name]
  end,
})
