-- What `make install` installs, where and with which permissions, and what it prints.

local child = require "spec.support.child"
local shell = require "ngrok.emulator.shell"

local modules = package.searchpath("ngrok.core", package.cpath):match("^(.*)/ngrok/core%.so$")

-- Without the variables of the make that runs the specs.
local make = "env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u MAKEOVERRIDES make --no-print-directory"

local function succeed(command)
  local fine, output = shell.run(command)
  assert.is_true(fine, output)
  return output
end

describe("make install", function()
  local folder

  before_each(function()
    folder = succeed "mktemp -d"
  end)

  after_each(function()
    shell.run("rm -rf " .. shell.quote(folder))
  end)

  local function install(before)
    succeed(("%s sh build-aux/install-files %s"):format(before or "", shell.command {
      modules, folder .. "/share/lua", folder .. "/lib/lua", folder .. "/share/doc",
    }))
  end

  local function tell(prefix, destdir)
    return succeed("sh build-aux/tell-installed " .. shell.command {
      prefix .. "/share/lua", prefix .. "/lib/lua", prefix .. "/share/doc", destdir,
    })
  end

  it("lets others read what is installed under a narrow umask", function()
    install "umask 077;"
    local hidden = succeed(("find %s -mindepth 1 ! -perm -o=r -o -mindepth 1 -type d ! -perm -o=rx")
      :format(shell.quote(folder)))
    assert.equal("", hidden)
  end)

  it("says where everything is, and what makes a Lua find it", function()
    install()
    local text = tell(folder, "")
    for _, place in ipairs { "/share/lua/ngrok,", "/lib/lua/ngrok,", "/share/doc." } do
      assert.truthy(text:find(folder .. place, 1, true), text)
    end
    local lua_path, lua_cpath = text:match("LUA_PATH='(.-)'"), text:match("LUA_CPATH='(.-)'")
    local command = child.interpreter { LUA_PATH = lua_path, LUA_CPATH = lua_cpath }
    local script = 'print(type(require("ngrok").client), package.searchpath("ngrok", package.path))'
    assert.equal("function\t" .. folder .. "/share/lua/ngrok/init.lua",
      succeed("cd / && " .. command .. " -e " .. shell.quote(script)))
  end)

  it("leaves DESTDIR out of the paths that it prints for Lua", function()
    local text = tell("/usr", "/stage")
    assert.truthy(text:find("/stage/usr/share/lua/ngrok", 1, true), text)
    assert.truthy(text:find("LUA_PATH='/usr/share/lua/?.lua;", 1, true), text)
    assert.truthy(text:find("LUA_CPATH='/usr/lib/lua/?.so;", 1, true), text)
  end)

  -- The commands that it would run.
  local function planned(variables)
    return succeed(("%s -n V=1 install BUILD=%s PREFIX=/prefix %s"):format(make, folder, variables))
  end

  it("installs for LuaJIT where LuaJIT looks", function()
    local plan = planned "LUA_VERSION=luajit"
    assert.truthy(plan:find("install%-files .* '/prefix/share/lua/5%.1' '/prefix/lib/lua/5%.1'"), plan)
    assert.truthy(plan:find("tell-installed '/prefix/share/lua/5.1' '/prefix/lib/lua/5.1'", 1, true), plan)
    assert.truthy(plan:find("-I%S*luajit"), plan)
  end)

  it("compiles with CPPFLAGS", function()
    local plan = planned "CPPFLAGS=-DOF_THE_USER"
    local files, with_flag = 0, 0
    for line in plan:gmatch("[^\n]+") do
      local compiles = line:find(" -c -o ", 1, true)
      files = files + (compiles and 1 or 0)
      with_flag = with_flag + (compiles and line:find(" -DOF_THE_USER ", 1, true) and 1 or 0)
    end
    assert.is_true(files > 0)
    assert.equal(files, with_flag)
  end)

  -- A header that does not compile stands for a missing one.
  it("names the package of the missing headers, which it looks for with CPPFLAGS", function()
    succeed(("echo '#error hidden' >%s/lua.h"):format(folder))
    for version, package in pairs {
      ["5.4"] = "liblua5.4-dev", ["5.3"] = "liblua5.3-dev", ["5.2"] = "liblua5.2-dev",
      luajit = "libluajit-5.1-dev",
    } do
      local fine, told = shell.run(("%s -s module BUILD=%s/build CPPFLAGS=-I%s LUA_VERSION=%s")
        :format(make, folder, folder, version))
      assert.is_false(fine)
      assert.truthy(told:find("lua.h is missing. Install Lua's headers: " .. package, 1, true), told)
    end
  end)

  it("names the known Luas for an unknown LUA_VERSION", function()
    local fine, told = shell.run(make .. " -n install LUA_VERSION=54")
    assert.is_false(fine)
    assert.truthy(told:find("LUA_VERSION=54: there are 5.1, 5.2, 5.3, 5.4 and luajit", 1, true), told)
  end)
end)
