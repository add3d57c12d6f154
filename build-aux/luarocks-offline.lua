-- For LUAROCKS_CONFIG, where lua-cjson is the system's own package: LuaRocks takes it as given and
-- asks no server.
rocks_provided = {
  ["lua-cjson"] = "2.1.0-1",
}
rocks_servers = {}
