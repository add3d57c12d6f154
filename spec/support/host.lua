--- Lua states in this process whose memory, and that of our C in them, can be told to run out. They
-- use builds of the modules that count; see spec/host/host.c.
local core_path = assert(package.searchpath("ngrok.core", package.cpath))
local folder = core_path:match("^(.*)/ngrok/core%.so$") .. "/counted"
local path = folder .. "/host.so"

-- Loaded for everybody: the modules of those states look for its functions.
assert(package.loadlib(path, "*"))
local core = assert(package.loadlib(path, "luaopen_host"))()

local host = {
  fail = core.fail, relent = core.relent, blocks = core.blocks,
  watch = core.watch, given_back = core.given_back, kept = core.kept,
}

local prelude = [[
  package.path, package.cpath = ...
  if jit then jit.off() end
]]

--- A state in which nothing of ours is loaded.
---@return userdata `run`, `fail`, `relent`, `close`
function host.state()
  local state = core.state()
  assert(state:run(prelude, package.path, folder .. "/?.so;" .. package.cpath))
  return state
end

--- Tries something again and again, each time with the next allocation failing, until none is left that
--- could fail: at first with that one alone, then with all from it on.
---@param attempt function `attempt(after, lasting, where)`, which lets that many allocations succeed,
---   and returns how many there were
---@return integer how many failed
function host.each_failure(attempt)
  local failures = 0
  for _, lasting in ipairs { false, true } do
    local after = 0
    local where = "with allocation %d failing" .. (lasting and ", and all that follow" or "")
    while attempt(after, lasting, where:format(after + 1)) > after do
      after = after + 1
      assert(after < 20000, "this does not end")
    end
    failures = failures + after
  end
  return failures
end

return host
