rockspec_format = "3.0"
package = "ngrok-api"
version = "dev-1"

source = {
  url = "git+https://github.com/ngrok-lua/ngrok-api.git",
  branch = "main",
}

description = {
  summary = "The ngrok API for Lua: tunnel credentials, without blocking your event loop",
  detailed = [[
Creates, reads, lists, updates and deletes ngrok tunnel credentials over libcurl. Works in plain
scripts, in nginx and in hosts with an event loop of their own, on Lua 5.4 and LuaJIT.]],
  license = "MIT",
  labels = { "ngrok", "api", "http", "async" },
}

dependencies = {
  "lua >= 5.1",
  "lua-cjson",
}

-- No external_dependencies: their check looks for curl/curl.h where multiarch systems do not keep
-- it. The compiler finds it there, and the Makefile names the package when it cannot.
--
-- No copy_directories: with one LuaRocks leaves README and LICENSE out. `make install` has them all.
build = {
  type = "make",
  build_target = "module",
  install_target = "installed-files",
  variables = {
    CC = "$(CC)",
    CFLAGS = "$(CFLAGS)",
    LIBFLAG = "$(LIBFLAG)",
    LUA_INCDIR = "$(LUA_INCDIR)",
    LUADIR = "$(LUADIR)",
    LIBDIR = "$(LIBDIR)",
    DOCDIR = "$(PREFIX)/doc",
  },
}
