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
      modules, folder .. "/share/lua", folder .. "/lib/lua", folder .. "/bin", folder .. "/share/doc",
      "luajit",
    }))
  end

  local function tell(prefix, destdir)
    return succeed("sh build-aux/tell-installed " .. shell.command {
      prefix .. "/share/lua", prefix .. "/lib/lua", prefix .. "/bin", prefix .. "/share/doc", destdir,
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
    for _, place in ipairs { "/share/lua/ngrok,", "/lib/lua/ngrok,", "/bin,", "/share/doc." } do
      assert.truthy(text:find(folder .. place, 1, true), text)
    end
    local lua_path, lua_cpath = text:match("LUA_PATH='(.-)'"), text:match("LUA_CPATH='(.-)'")
    local command = child.interpreter { LUA_PATH = lua_path, LUA_CPATH = lua_cpath }
    local script = 'print(type(require("ngrok").client), package.searchpath("ngrok", package.path))'
    assert.equal("function\t" .. folder .. "/share/lua/ngrok/init.lua",
      succeed("cd / && " .. command .. " -e " .. shell.quote(script)))
  end)

  it("has the command ngrok-emulator run by the Lua that it is for", function()
    install()
    assert.equal("ngrok-emulator " .. require "ngrok.version", succeed(child.interpreter() .. " " .. folder
      .. "/bin/ngrok-emulator --version"))
    assert.equal("#!/usr/bin/env luajit", succeed("head -n 1 " .. folder .. "/bin/ngrok-emulator"))
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

  it("compiles and links with the caller's flags", function()
    local plan = planned "CPPFLAGS=-DOF_CPP CFLAGS=-DOF_C LDFLAGS=-Wl,-lbr CC=cc"
    local steps = { compile = 0, link = 0 }
    for line in plan:gmatch "[^\n]+" do
      local compiles, links = line:find(" -c -o ", 1, true), line:find(" -o %S*%.so ")
      if compiles then
        steps.compile = steps.compile + 1
        assert.truthy(line:find "^cc .* %-DOF_CPP .*%-DOF_C ", line)
      elseif links then
        steps.link = steps.link + 1
        assert.truthy(line:find "^cc .* %-DOF_C .*%-Wl,%-lbr ", line)
      end
    end
    assert.is_true(steps.compile > 20)
    assert.equal(2, steps.link)
  end)

  it("takes the headers of Lua and libcurl, and libcurl itself, from where it is told", function()
    succeed(("cd %s && mkdir -p 'a b/include/curl' && touch 'a b/lua.h' 'a b/include/curl/curl.h'")
      :format(folder))
    local plan = planned(("LUA_INCDIR='%s/a b' CURL_DIR='%s/a b'"):format(folder, folder))
    local compiled = plan:match "[^\n]* %-c %-o %S*/curl/module%.o [^\n]*"
    local linked = plan:match "[^\n]* %-o %S*/ngrok/curl%.so [^\n]*"
    for needed, command in pairs {
      [' -I"%s/a b" -I"%s/a b/include" '] = compiled,
      [' -L"%s/a b/lib" -Wl,-rpath,"%s/a b/lib" -lcurl'] = linked,
    } do
      assert.truthy(command:find(needed:format(folder, folder), 1, true), command)
    end
  end)

  -- Folders that packagers name, such as /usr/local/include, may have headers of the same names.
  it("prefers our headers and the chosen Lua's to those in the folders of CPPFLAGS", function()
    succeed(("cd %s && mkdir curl && echo '#error wrong' | tee lua.h >curl/multi.h"):format(folder))
    succeed(("%s -s BUILD=FOLDER CPPFLAGS=-IFOLDER FOLDER/module/c/curl/multi.o FOLDER/module/curl/module.o")
      :format(make):gsub("FOLDER", folder))
  end)

  -- A header that does not compile stands for a missing one.
  it("names the package of the missing headers", function()
    succeed(("echo '#error hidden' >%s/lua.h"):format(folder))
    for version, package in pairs {
      ["5.4"] = "liblua5.4-dev", ["5.3"] = "liblua5.3-dev", ["5.2"] = "liblua5.2-dev",
      luajit = "libluajit-5.1-dev",
    } do
      local fine, told = shell.run(("%s -s BUILD=%s/build LUA_INCDIR=%s LUA_VERSION=%s")
        :format(make, folder, folder, version))
      assert.is_false(fine)
      assert.truthy(told:find("lua.h is missing. Install Lua's headers: " .. package, 1, true), told)
    end
  end)

  it("builds what it installs by default, and shows the commands with V=1 only", function()
    local default = succeed(("%s -n V=1 BUILD=%s"):format(make, folder))
    assert.equal(default, succeed(("%s -n V=1 all BUILD=%s"):format(make, folder)))
    assert.truthy(default:find(folder .. "/module/ngrok/curl.so", 1, true), default)
    local object = ("%s/module/c/base/text.o"):format(folder)
    local shown = succeed(("%s V=1 BUILD=%s %s"):format(make, folder, object))
    assert.truthy(shown:find(" -c -o " .. object, 1, true), shown)
    shell.run("rm " .. object)
    assert.equal("CC  " .. object, succeed(("%s BUILD=%s %s"):format(make, folder, object)))
  end)

  it("has each variable for packagers in `make help`", function()
    local help = succeed(make .. " help")
    for name in pairs {
      DESTDIR = true, PREFIX = true, LUADIR = true, LIBDIR = true, BINDIR = true, DOCDIR = true,
      LUA_VERSION = true, LUA_INCDIR = true, CURL_DIR = true, CURL_INCDIR = true, CURL_LIBDIR = true,
      CC = true, CFLAGS = true, CPPFLAGS = true, LDFLAGS = true, ["V=1"] = true,
    } do
      assert.truthy(help:find("%f[%w]" .. name .. "%f[^%w_]"), name)
    end
  end)

  it("refuses a build folder with blanks, which `make clean` would misread", function()
    local fine, told = shell.run(make .. " clean BUILD='a b'")
    assert.is_false(fine)
    assert.truthy(told:find("BUILD=a b: make takes no folder with blanks in its name", 1, true), told)
  end)

  it("names the known Luas for an unknown LUA_VERSION", function()
    local fine, told = shell.run(make .. " -n install LUA_VERSION=54")
    assert.is_false(fine)
    assert.truthy(told:find("LUA_VERSION=54: there are 5.1, 5.2, 5.3, 5.4 and luajit", 1, true), told)
  end)
end)
