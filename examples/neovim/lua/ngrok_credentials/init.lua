-- An account's tunnel credentials in a buffer: dd or x revokes the one under the cursor, r reloads them.
-- An example of ngrok-api in Neovim (0.7 and later): the editor never waits, and pages appear as they come.
--
-- To install it:
--
--   1. The library, for the Lua that Neovim has, which is LuaJIT and so 5.1:
--
--        luarocks --lua-version 5.1 --local install ngrok-api
--
--   2. Tell Neovim where that is, in init.lua:
--
--        local rocks = vim.fn.expand "~/.luarocks"
--        package.path = package.path .. ";" .. rocks .. "/share/lua/5.1/?.lua"
--          .. ";" .. rocks .. "/share/lua/5.1/?/init.lua"
--        package.cpath = package.cpath .. ";" .. rocks .. "/lib/lua/5.1/?.so"
--
--   3. This folder, on the runtime path: vim.opt.runtimepath:append "/path/to/examples/neovim"
--
--   4. The key, in the environment as NGROK_API_KEY before Neovim starts. It does not belong in a file that
--      you might share. NGROK_BASE_URL leads to a proxy, or to an emulator in a test.
--
-- :checkhealth ngrok_credentials tells what is missing.
local ngrok = require "ngrok"

local credentials = {}

local settings -- of the client
local shared

--- Sets the client's options, before the first use. Needed for other things than the key alone.
---@param options table as of ngrok.client
function credentials.setup(options)
  settings, shared = options, nil
end

local function complain(err)
  vim.notify(tostring(err), vim.log.levels.ERROR)
end

-- One for the whole editor: its connections are kept, its limits are the account's.
local function client()
  shared = shared or assert(ngrok.client(settings))
  return shared
end

-- An operation in a coroutine suspends that, and the editor goes on.
local function go(fn)
  coroutine.wrap(function()
    local fine, err = pcall(fn)
    if not fine then
      complain(err)
    end
  end)()
end

-- In one line: the rest of a description that has several is still there when it is asked for.
local function line_of(credential)
  local acl = #credential.acl > 0 and table.concat(credential.acl, ", ") or "*"
  local text = ("%s  %s  %s  %s"):format(credential.created_at, credential.id, acl,
    credential.description or "")
  return (text:gsub("%c", " "))
end

local View = {}
View.__index = View

local function set_lines(self, first, last, lines)
  vim.bo[self.buffer].modifiable = true
  vim.api.nvim_buf_set_lines(self.buffer, first, last, false, lines)
  vim.bo[self.buffer].modifiable = false
  vim.bo[self.buffer].modified = false
end

-- While a response was on its way the buffer may have been wiped out, or been loaded again.
local function is_current(self, loading)
  return vim.api.nvim_buf_is_valid(self.buffer) and self.loading == loading
end

local function append(self, page)
  local lines = {}
  for _, credential in ipairs(page) do
    lines[#lines + 1] = line_of(credential)
  end
  set_lines(self, #self.shown, -1, lines)
  vim.list_extend(self.shown, page)
end

local function show_pages(self, loading)
  for page in client().credentials:list():pages() do
    if not is_current(self, loading) then
      return
    end
    append(self, page)
  end
  if is_current(self, loading) and #self.shown == 0 then
    set_lines(self, 0, -1, { "no credentials" })
  end
end

function View:reload()
  local loading = {}
  self.loading, self.shown = loading, {}
  set_lines(self, 0, -1, { "loading ..." })
  go(function()
    local fine, err = pcall(show_pages, self, loading)
    if not fine and is_current(self, loading) then
      set_lines(self, #self.shown, -1, { "failed; r reloads" }) -- below the pages that have come
    end
    return fine or error(err, 0)
  end)
end

local function forget(self, credential)
  for index, shown in ipairs(self.shown) do
    if shown == credential and vim.api.nvim_buf_is_valid(self.buffer) then
      table.remove(self.shown, index)
      set_lines(self, index - 1, index, {})
      return
    end
  end
end

local function revoke(self, credential)
  go(function()
    local fine, err = credential:delete()
    if fine or err:is_not_found() then
      forget(self, credential)
      vim.notify("revoked " .. credential.id)
    else
      complain(err)
    end
  end)
end

function View:revoke_under_cursor()
  local credential = self.shown[vim.api.nvim_win_get_cursor(0)[1]]
  if not credential then
    return
  end
  vim.ui.select({ "Keep it", "Revoke it" }, {
    prompt = ("Revoke %s %s? Its agents can not connect any more."):format(credential.id,
      credential.description or ""),
  }, function(_, choice)
    if choice == 2 then
      revoke(self, credential)
    end
  end)
end

local function map(self, keys, method)
  vim.keymap.set("n", keys, function()
    method(self)
  end, { buffer = self.buffer, nowait = true })
end

--- Opens the buffer in this window.
function credentials.open()
  local self = setmetatable({ buffer = vim.api.nvim_create_buf(false, true), shown = {} }, View)
  vim.bo[self.buffer].bufhidden = "wipe"
  vim.bo[self.buffer].filetype = "ngrok-credentials"
  vim.api.nvim_win_set_buf(0, self.buffer)
  map(self, "dd", View.revoke_under_cursor)
  map(self, "x", View.revoke_under_cursor)
  map(self, "r", View.reload)
  self:reload()
end

return credentials
