-- The server of examples/nginx, started as its first lines say, but with another port and folder.
if not rawget(_G, "jit") then
  return -- nginx's workers have LuaJIT
end

local cjson = require "cjson"
local configuration = require "ngrok.emulator.configuration"
local emulator = require "ngrok.emulator"
local nginx = require "spec.support.nginx"
local timing = require "spec.support.timing"
local port = require "ngrok.emulator.port"
local random = require "ngrok.emulator.random"
local shell = require "ngrok.emulator.shell"

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read("*a") or ""
  if file then
    file:close()
  end
  return text
end

local function replace(text, old, new)
  local first, last = text:find(old, 1, true)
  assert(first, old)
  return text:sub(1, first - 1) .. new .. text:sub(last + 1)
end

-- Elsewhere than on Debian they lie elsewhere, or are built in.
local function with_modules_of_this_system(text, found)
  if read "/usr/lib/nginx/modules/ngx_http_lua_module.so" ~= "" then
    return text
  end
  local lines = {}
  for _, path in ipairs(found.modules) do
    lines[#lines + 1] = ("load_module %s;\n"):format(path)
  end
  return table.concat(lines) .. text:gsub("\nload_module [^\n]*", "")
end

describe("examples/nginx", function()
  randomize(false) -- after the last but one all workers pause, and the last reads the log of all
  local emu, folder, pid, at

  local function log()
    return read(folder .. "/run/error.log") .. read(folder .. "/run/access.log") .. read(folder .. "/said")
  end

  setup(function()
    emu = assert(emulator.start { rate_limit = nil })
    local found, _ = assert(configuration.find())
    _, folder = shell.run 'mktemp -d "${TMPDIR:-/tmp}/ngrok-nginx.XXXXXXXX"'
    assert(shell.run(("cp examples/nginx/* %s && mkdir -p %s/run"):format(folder, folder)))
    local text, generator = with_modules_of_this_system(read "examples/nginx/nginx.conf", found), random.new()
    for _ = 1, 5 do
      local chosen = port.pick(generator)
      at = "http://127.0.0.1:" .. chosen
      write(folder .. "/nginx.conf", replace(text, "listen 127.0.0.1:8080", "listen 127.0.0.1:" .. chosen))
      -- The workers of root's nginx are nobody, who cannot read every checkout.
      local user = read "/proc/self/status":find "\nUid:%s+0%s" and { "-g", "user root;" } or {}
      local _, said = shell.run(([[cd %s && { env -i PATH="$PATH" LUA_PATH=%s LUA_CPATH=%s \
        NGROK_BASE_URL=%s NGROK_API_KEY=%s \
        %s %s -p . -c nginx.conf -e run/error.log %s >said 2>&1 & echo $!; }]])
        :format(folder, shell.quote(package.path), shell.quote(package.cpath), emu.base_url, emu.api_key,
          nginx.checker(), found.binary, shell.command(user)))
      pid = tonumber(said:match "%d+")
      local serves
      timing.wait_until(function()
        serves = shell.run(("curl -s -o %s/hello %s/"):format(folder, at))
        return serves or not shell.run("kill -0 " .. pid)
      end)
      if serves then
        return
      end
    end
    error(log())
  end)

  teardown(function()
    shell.run("kill -QUIT " .. pid)
    timing.wait_until(function() return not shell.run("kill -0 " .. pid) end)
    shell.run("rm -rf " .. shell.quote(folder))
    emu:stop()
  end)

  before_each(function()
    emu:reset()
  end)

  local function request(method, path)
    local _, said = shell.run(("curl -s -g -i --max-time 30 -X %s %s; echo \"\n$?\""):format(method,
      shell.quote(at .. path)))
    local head, body, status = said:match "^(.-)\r\n\r\n(.*)\n(%d+)%s*$"
    assert(head, said)
    return {
      status = tonumber(head:match "^HTTP/1.1 (%d+)"), body = body, curl = tonumber(status),
      header = function(name)
        return head:match("\r\n" .. name:gsub("%-", "%%-") .. ": ([^\r]*)")
      end,
    }
  end

  it("issues a credential with its own rule, and shows its token once", function()
    local response = request("POST", "/devices/alpha")
    assert.equal(201, response.status, response.body .. log())
    local told, held = cjson.decode(response.body), emu:credentials()
    assert.equal(1, #held)
    assert.same({ held[1].id, "device alpha", "bind:alpha.devices.example.com" },
      { told.id, held[1].description, held[1].acl[1] })
    assert.truthy(told.token:find "^%w+_%w+$")
    assert.equal("no-store", response.header "Cache-Control")
    assert.is_nil(request("GET", "/devices").body:find(told.token, 1, true))
    assert.is_nil(log():find(told.token, 1, true))
    assert.truthy(log():find("issued " .. told.id .. " to alpha", 1, true))
  end)

  it("lists all pages, with no more than ids, descriptions and rules", function()
    emu:seed(250, function(index)
      return { description = "device " .. index, acl = index > 1 and { "bind:*.example.com" } or {} }
    end)
    local response = request("GET", "/devices")
    assert.equal(200, response.status)
    local lines = {}
    for line in response.body:gmatch "[^\n]+" do
      lines[#lines + 1] = cjson.decode(line)
    end
    assert.equal(250, #lines)
    local held = emu:credentials()[1]
    assert.same({ id = held.id, description = "device 250", acl = { "bind:*.example.com" } }, lines[1])
    assert.is_nil(lines[250].acl)
  end)

  it("responds with an empty body when the account has no credentials", function()
    local response = request("GET", "/devices")
    assert.same({ 200, "" }, { response.status, response.body })
  end)

  it("cuts its list off when a page fails", function()
    emu:seed(150)
    emu:misbehave { kind = "status", status = 400, code = "ERR_NGROK_400", after = 1, count = math.huge }
    local response = request("GET", "/devices")
    local _, count = response.body:gsub("\n", "")
    assert.same({ 200, 100 }, { response.status, count })
    assert.not_equal(0, response.curl)
  end)

  it("revokes", function()
    local made = emu:seed(1)[1]
    assert.equal(204, request("DELETE", "/devices/" .. made.id).status)
    assert.equal(0, #emu:credentials())
    assert.equal(404, request("DELETE", "/devices/" .. made.id).status)
  end)

  for _, name in ipairs { "*", "-a", "a.b", "A", ("a"):rep(64), "%22" } do
    it("responds with 400 to the name " .. name:sub(1, 10), function()
      local response = request("POST", "/devices/" .. name)
      assert.equal(400, response.status, response.body)
      assert.truthy(cjson.decode(response.body).error)
      assert.equal(0, #emu:requests())
    end)
  end

  it("takes the longest name", function()
    assert.equal(201, request("POST", "/devices/" .. ("a"):rep(63)).status)
  end)

  it("gives a name out once until its credential is revoked", function()
    local first = cjson.decode(request("POST", "/devices/alpha").body)
    local second = request("POST", "/devices/alpha")
    assert.equal(409, second.status, second.body)
    local told = cjson.decode(second.body)
    assert.same({ first.id, nil }, { told.id, told.token })
    assert.equal(1, #emu:credentials())
    assert.equal(204, request("DELETE", "/devices/" .. told.id).status)
    assert.equal(201, request("POST", "/devices/alpha").status)
  end)

  it("gives a name out once to many requests at the same time", function()
    emu:misbehave { kind = "delay", seconds = 0.3 } -- the first looks for others
    local _, said = shell.run(([[for _ in 1 2 3 4; do
      curl -s -o /dev/null -w '%%{http_code}\n' -X POST %s/devices/alpha &
    done; wait]]):format(at))
    local made, refused = select(2, said:gsub("201", "")), select(2, said:gsub("409", ""))
    assert.same({ 1, 3 }, { made, refused }, said)
    assert.equal(1, #emu:credentials())
  end)

  it("responds with 405 to other methods", function()
    local response = request("PUT", "/devices")
    assert.same({ 405, "GET" }, { response.status, response.header "Allow" })
  end)

  it("responds with 400 to what ngrok refuses", function()
    emu:misbehave { kind = "status", status = 400, code = "ERR_NGROK_619", method = "POST" }
    assert.equal(400, request("POST", "/devices/alpha").status)
  end)

  it("responds with 502 when a credential may exist, and says where to find it", function()
    emu:misbehave { kind = "reset_after", method = "POST" }
    local response = request("POST", "/devices/alpha")
    assert.equal(502, response.status, response.body)
    local told, held = cjson.decode(response.body), emu:credentials()
    assert.truthy(told.warning:find("may have been made", 1, true))
    assert.equal(1, #held)
    emu:seed(3)
    local found = cjson.decode(request("GET", told.find).body)
    assert.equal(held[1].id, found.id)
    assert.equal(409, request("POST", "/devices/alpha").status)
    assert.equal(204, request("DELETE", "/devices/" .. found.id).status)
    assert.equal(201, request("POST", "/devices/alpha").status)
  end)

  it("names the credential to a client that hung up before the response came", function()
    emu:misbehave { kind = "delay", seconds = 0.3, method = "POST" }
    shell.run(("curl -s --max-time 0.15 -X POST %s/devices/alpha"):format(at))
    local response
    timing.wait_until(function()
      response = request("POST", "/devices/alpha")
      return response.status == 409 and cjson.decode(response.body).id
    end)
    assert.equal(emu:credentials()[1].id, cjson.decode(response.body).id)
  end)

  it("refuses to look for a text that is not a name", function()
    assert.equal(400, request("GET", "/devices?name=%22%20||%20true").status)
  end)

  it("responds with 503 and Retry-After when the account's limit is reached", function()
    emu:misbehave { kind = "status", status = 429, retry_after = 42, count = math.huge }
    local response = request("POST", "/devices/alpha")
    assert.same({ 503, "42" }, { response.status, response.header "Retry-After" })
    assert.is_nil(cjson.decode(response.body).find)
  end)

  it("logs no key, no token and no error from itself", function()
    local text = log()
    assert.is_nil(text:find(emu.api_key, 1, true))
    assert.is_nil(text:find("lua entry thread aborted", 1, true), text)
    assert.is_nil(text:find "%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w%w_%w")
  end)
end)
