-- `make generate` writes this file, from build-aux/ngrok-api.rockspec.in and lua/ngrok/version.lua.
rockspec_format = "3.0"
package = "ngrok-api"
version = "1.0.0-1"

source = {
  url = "git+https://github.com/ngrok-lua/ngrok-api.git",
  tag = "v1.0.0",
}

description = {
  summary = "The ngrok API for Lua, without blocking your event loop",
  detailed = [[
The whole ngrok API, with tunnel credentials at its heart: in plain scripts, in nginx and OpenResty, in Neovim
and in hosts with an event loop of their own, on Lua 5.1 to 5.4 and LuaJIT. Requests go through libcurl or
through the host's own HTTP. With an ngrok account in memory for tests.]],
  license = "MIT",
  homepage = "https://github.com/ngrok-lua/ngrok-api",
  issues_url = "https://github.com/ngrok-lua/ngrok-api/issues",
  maintainer = "The ngrok-api for Lua authors",
  labels = { "ngrok", "api", "http", "async", "openresty", "neovim" },
}

dependencies = {
  "lua >= 5.1, < 5.5",
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
    BINDIR = "$(BINDIR)",
    DOCDIR = "$(PREFIX)/doc",
  },
}

-- What follows `--` goes to make: `luarocks test -- SPEC=spec/text_spec.lua LUAS=luajit`.
test = {
  type = "command",
  command = "make test",
}
