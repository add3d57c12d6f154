--- Neovim's `:checkhealth ngrok`: whether a call could work here. Sends nothing.
local health = {}

-- Before Neovim 0.9 the functions had other names.
local function reporter()
  local given = vim.health or require "health"
  return {
    start = given.start or given.report_start,
    ok = given.ok or given.report_ok,
    info = given.info or given.report_info,
    warn = given.warn or given.report_warn,
    error = given.error or given.report_error,
  }
end

local function runtime()
  return rawget(_G, "jit") and jit.version or _VERSION -- luacheck: globals jit
end

-- Without the list of every place that was searched.
local function reason(message)
  return tostring(message):match("^[^\n]*\n[^\n]*") or tostring(message)
end

local function path_of(name)
  return package.searchpath and package.searchpath(name, package.cpath) or "an unknown place"
end

local function check_core(report)
  local fine, core = pcall(require, "ngrok.core")
  if not fine then
    report.error("the C module ngrok.core does not load: " .. reason(core), {
      ("It must be built for Neovim's own Lua, %s: luarocks --lua-version 5.1 install ngrok-api")
        :format(runtime()),
      "package.cpath must include it, for example: package.cpath = package.cpath .. "
        .. "';' .. vim.fn.expand('~/.luarocks/lib/lua/5.1/?.so')",
    })
    return false
  end
  report.ok(("ngrok-api %s on %s, ngrok.core from %s"):format(require "ngrok.version", runtime(),
    path_of "ngrok.core"))
  return true
end

local function check_curl(report)
  local fine, curl = pcall(require, "ngrok.curl")
  if not fine then
    report.error("the C module ngrok.curl does not load: " .. reason(curl), {
      "It needs libcurl: libcurl4 (Debian, Ubuntu), libcurl (Fedora, Alpine)",
    })
    return
  end
  report.ok(curl.libraries())
  if not curl.tls then
    report.error("this libcurl has no TLS, so it cannot reach ngrok")
    return
  end
  report.ok("TLS by " .. curl.tls)
  local path, problem = curl.ca_file()
  if path then
    report.ok("CA certificates: " .. path)
  else
    report.error(problem)
  end
end

-- Reports whether there is a key or what is wrong with it, and never the key.
local function check_key(report)
  local _, err = require("ngrok.settings").resolve {}
  if err then
    report.warn(err.message, {
      "Set NGROK_API_KEY before Neovim starts, or pass api_key to ngrok.client",
    })
  else
    report.ok "NGROK_API_KEY is set"
  end
end

local function tell_loop(report)
  report.ok(('calls use the loop "%s"'):format(require("ngrok.loop.auto").current()))
  report.info("call operations in a coroutine, coroutine.wrap(function() ... end)(), or with on_done, "
    .. "or with wait = false: elsewhere a call would freeze the editor, and is refused")
end

--- Called by Neovim.
function health.check()
  local report = reporter()
  report.start "ngrok"
  if check_core(report) then
    check_curl(report)
    check_key(report)
    tell_loop(report)
  end
end

return health
