-- From build-aux/ngrok-api.rockspec.in: the rockspec of the checkout and the one of the release that
-- lua/ngrok/version.lua names. Neither lists files: `make installed-files` installs them.
local release = dofile "lua/ngrok/version.lua"

-- What LuaRocks fetches for each version.
local revisions = { dev = 'branch = "main"', [release] = ('tag = "v%s"'):format(release) }

return function(files)
  local template = files["build-aux/ngrok-api.rockspec.in"]
  for version, revision in pairs(revisions) do
    files[("ngrok-api-%s-1.rockspec"):format(version)] =
      template:gsub("@(%u+)@", { VERSION = version, REVISION = revision })
  end
end
