-- Writes what is generated from data: types for editors, below lua/ngrok/types, tables in docs/calls.md, the
-- rockspecs and the list of public names.
-- `make generate` runs it in the checkout. With `--check` it writes nothing, and raises the paths of files
-- that are out of date.
local is_check = ... == "--check"

local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read "*a" or ""
  if file then
    file:close()
  end
  return text
end

-- By path: what a file must have. A part that changes a place in a file reads it here first.
local files = setmetatable({}, {
  __index = function(_, path)
    return read(path)
  end,
})

for _, part in ipairs { "options", "index", "resources", "reference", "rockspecs", "api_surface" } do
  dofile("build-aux/generate/" .. part .. ".lua")(files)
end

local stale = {}
for path, text in pairs(files) do
  if read(path) ~= text then
    stale[#stale + 1] = path
    if not is_check then
      local file = assert(io.open(path, "wb"))
      file:write(text)
      file:close()
      print("wrote " .. path)
    end
  end
end
table.sort(stale)
if is_check and #stale > 0 then
  error("out of date: " .. table.concat(stale, ", ") .. "; run `make generate`", 0)
end
