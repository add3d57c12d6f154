-- The command `ngrok-emulator`, asked by curl.
local child = require "spec.support.child"
local driver = require "spec.emulator.driver"
local process = require "ngrok.emulator.process"
local shell = require "ngrok.emulator.shell"
local timing = require "spec.support.timing"

local run, quote = driver.run, driver.quote

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "*a"
  file:close()
  return text
end

describe("ngrok-emulator", function()
  local folder, running

  before_each(function()
    folder = run("mktemp -d"):match "[^\n]+"
  end)

  after_each(function()
    if running and process.is_alive(running) then
      shell.run("kill -9 " .. running.pid)
    end
    running = nil
    run("rm -rf " .. quote(folder))
  end)

  local function command(words)
    return child.interpreter { TMPDIR = folder } .. " bin/ngrok-emulator " .. words
  end

  -- Runs it to its end.
  local function ended(words)
    local fine, said = shell.run(("{ %s >%s/out 2>%s/err; echo $?; }"):format(command(words), folder, folder))
    assert.is_true(fine)
    return tonumber(said), read(folder .. "/out"), read(folder .. "/err")
  end

  -- Starts it, and reads what it exports as a shell does.
  local function start(words)
    local id = run(("%s >%s/out 2>%s/err & echo $!"):format(command(words), folder, folder))
    running = process.describe(tonumber(id))
    timing.wait_until(function() return read(folder .. "/out"):find "NGROK_BASE_URL" end)
    local told = run((". %s/out; echo \"$NGROK_API_KEY\"; echo \"$NGROK_BASE_URL\"; echo \"$NGROK_CA_FILE\"")
      :format(folder))
    local api_key, base_url, ca_file = told:match "^([^\n]+)\n([^\n]+)\n([^\n]*)\n$"
    return { api_key = api_key, base_url = base_url, ca_file = ca_file ~= "" and ca_file or nil }
  end

  local function finish(signal)
    shell.run(("kill -%s %d"):format(signal, running.pid))
    timing.wait_until(function() return not process.is_alive(running) end)
  end

  local function status_of(server, path, more)
    return (driver.curl(server, "GET", path or "/credentials", nil, more))
  end

  it("prints what a shell can read, and needs its key", function()
    local server = start ""
    assert.equal(200, status_of(server))
    assert.matches("^http://127%.0%.0%.1:%d+$", server.base_url)
    server.api_key = "other_key"
    assert.equal(401, status_of(server))
    assert.matches("^export NGROK_API_KEY='%w+_%w+'\nexport NGROK_BASE_URL='http://[%d.:]+'\n$",
      read(folder .. "/out"))
  end)

  for signal, number in pairs { INT = 2, TERM = 15, HUP = 1 } do
    it("ends at SIG" .. signal .. " without a trace", function()
      -- A shell waits for it, since only its parent learns its exit status.
      local pid_path, status_path = quote(folder .. "/pid"), quote(folder .. "/status")
      os.execute(("(%s >%s/out 2>%s/err & echo $! >%s; wait $!; echo $? >%s) &")
        :format(command "--json-log", folder, folder, pid_path, status_path))
      timing.wait_until(function()
        return driver.exists(folder .. "/out") and read(folder .. "/out"):find "NGROK_BASE_URL"
      end)
      running = process.describe(tonumber(read(folder .. "/pid")))
      local master = tonumber(run(("cat %s/ngrok-emulator.*/nginx.pid"):format(folder)))
      finish(signal)
      timing.wait_until(function()
        return driver.exists(folder .. "/status") and read(folder .. "/status") ~= ""
      end)
      assert.equal(128 + number, tonumber(read(folder .. "/status")))
      assert.equal("err\nout\npid\nstatus\n", run("ls " .. quote(folder)))
      assert.is_false(driver.lives(master))
    end)
  end

  it("says when its server has ended", function()
    start ""
    local master = run(("cat %s/ngrok-emulator.*/nginx.pid"):format(folder))
    shell.run("kill -9 " .. master)
    timing.wait_until(function() return not process.is_alive(running) end)
    assert.equal("ngrok-emulator: the server has ended\n", read(folder .. "/err"))
  end)

  it("takes --port, --host and --api-key", function()
    local port = require("ngrok.emulator.port").pick(require("ngrok.emulator.random").new())
    local server = start(("--port %d --host=0.0.0.0 --api-key ci_key"):format(port))
    assert.same({ "ci_key", "http://127.0.0.1:" .. port }, { server.api_key, server.base_url })
    assert.equal(200, status_of(server))
    local status, _, problem = ended("--port " .. port)
    assert.equal(1, status)
    assert.equal(("ngrok-emulator: 127.0.0.1:%d is in use by another program\n"):format(port), problem)
  end)

  it("takes --tls and --http2", function()
    local server = start "--tls --http2"
    assert.matches("^https://", server.base_url)
    local output = run(("%s -sS --http2 -o /dev/null -w '%%{http_version} %%{http_code}' %s/credentials")
      :format(driver.curl_command(server), server.base_url))
    assert.equal("2 401", output)
  end)

  it("takes --seed for credentials and for other services", function()
    local server = start "--seed 250,tunnel_sessions=3 --seed endpoints=1"
    local function count(path, prefix)
      local _, body = driver.curl(server, "GET", path)
      return select(2, body:gsub('"id":"' .. prefix, ""))
    end
    assert.equal(100, count("/credentials", "cr_"))
    assert.equal(3, count("/tunnel_sessions", "ts_"))
    assert.equal(1, count("/endpoints", "ep_"))
  end)

  it("takes --rate-limit", function()
    local server = start "--rate-limit 2/60"
    assert.same({ 200, 200, 429 }, { status_of(server), status_of(server), status_of(server) })
  end)

  it("takes --fault, more than one", function()
    local server = start "--fault status=503,times=2 --fault=status=418,after=1 --fault html"
    local statuses = {}
    for position = 1, 5 do
      statuses[position] = status_of(server)
    end
    table.sort(statuses)
    assert.same({ 200, 200, 418, 503, 503 }, statuses)
  end)

  it("writes a line of JSON for each request with --json-log, with no query and no key", function()
    local server = start "--json-log --fault reset_before,after=1"
    status_of(server, "/credentials?filter=obj.id==%22x%22")
    status_of(server, "/vaults")
    timing.wait_until(function() return select(2, read(folder .. "/err"):gsub("\n", "")) == 2 end)
    local first, second = read(folder .. "/err"):match "^(.-)\n(.-)\n$"
    local time = '^{"time":"%d+%-%d+%-%d+T%d+:%d+:%d+Z",'
    assert.matches(time .. '"method":"GET","path":"/credentials","status":200,"ms":%d+}$', first)
    assert.matches(time .. '"method":"GET","path":"/vaults","status":null,"ms":%d+,"fault":"reset_before"}$',
      second)
  end)

  it("shows help and version", function()
    local status, text, problem = ended "--help"
    assert.same({ 0, "" }, { status, problem })
    for _, name in ipairs {
      "--port PORT", "--host ADDRESS", "--tls", "--http2", "--api-key KEY", "--seed NUMBER",
      "--rate-limit N/SECONDS", "--fault FAULT", "--json-log", "--help", "--version",
    } do
      assert.matches("\n  " .. name, text, 1, true)
    end
    assert.same({ 0, "ngrok-emulator " .. require "ngrok.version" .. "\n", "" }, { ended "--version" })
  end)

  for words, message in pairs {
    ["--port 0"] = "bad --port '0': a number from 1 to 65535 expected",
    ["--port=x"] = "bad --port 'x': a number from 1 to 65535 expected",
    ["--port"] = "--port needs a value: PORT",
    ["--host a/b"] = "bad --host 'a/b': a name or an address expected, such as 127.0.0.1 or 0.0.0.0",
    ["--api-key 'a b'"] = "bad --api-key: letters, digits, _ and - expected",
    ["--tls=yes"] = "--tls takes no value",
    ["--http2"] = "--http2 needs --tls: HTTP/2 is agreed upon in the TLS handshake",
    ["--prot 1"] = "unknown argument '--prot' (did you mean --port?)",
    ["2TMGGIw07ve6R3DQz_5JsFk4rfMHdTH7B"] = "an option expected, such as --port, in place of argument 1",
    ["--seed -1"] = "bad --seed '-1': a number from 0 to 100000 expected, or SERVICE=NUMBER,...",
    ["--seed ''"] = "bad --seed '': a number from 0 to 100000 expected, or SERVICE=NUMBER,...",
    ["--seed endpoint=3"] = "bad --seed: there is no service 'endpoint' (did you mean endpoints?)",
    ["--rate-limit 120"] = "bad --rate-limit '120': requests/seconds expected, such as 120/60",
    ["--rate-limit 0/60"] = "bad --rate-limit '0': requests/seconds expected, such as 120/60",
    ["--fault slow"] = "bad --fault 'slow': unknown kind of fault 'slow' (there are body, ",
    ["--fault status=1"] = "bad --fault 'status=1': bad 'status' in a fault of kind status: status from 2",
    ["--fault status=503,2"] = "bad --fault 'status=503,2': KIND=VALUE,NAME=VALUE expected, such as ",
    ["--fault hang=1"] = "bad --fault 'hang=1': unknown name 'hang' in a fault of kind hang",
    ["--fault ''"] = "bad --fault '': KIND=VALUE,NAME=VALUE expected, such as status=503,times=2",
  } do
    it("refuses " .. words, function()
      local status, output, problem = ended(words)
      assert.same({ 2, "" }, { status, output })
      assert.matches("ngrok-emulator: " .. message, problem, 1, true)
      assert.matches("\nTry 'ngrok%-emulator %-%-help'%.\n$", problem)
    end)
  end
end)
