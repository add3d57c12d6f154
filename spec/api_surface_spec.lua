-- Public names are frozen: programs use them, so within a major version none goes. spec/api_surface.txt has
-- them all, and only new ones are written there by themselves.
local surface = "spec/api_surface.txt"

-- Returns the lines of the file, and those that the code of today makes.
local function lists()
  local file = assert(io.open(surface))
  local listed, made = file:read "*a", { [surface] = "" }
  file:close()
  dofile "build-aux/generate/api_surface.lua"(made)
  return listed, made[surface]
end

-- The lines of one text that another lacks.
local function missing_from(text, of)
  local found, missing = {}, {}
  for line in text:gmatch "[^\n]+" do
    found[line] = true
  end
  for line in of:gmatch "[^\n]+" do
    missing[#missing + 1] = not found[line] and line or nil
  end
  return table.concat(missing, "\n")
end

describe("The public names", function()
  it("are all still there", function()
    local listed, made = lists()
    local gone = missing_from(made, listed)
    assert(gone == "", "programs use these names, and they are gone:\n" .. gone
      .. "\nBring them back; if they never were in a release, delete their lines from " .. surface)
  end)

  it("are all listed", function()
    local listed, made = lists()
    local new = missing_from(listed, made)
    assert(new == "", "these names are new:\n" .. new .. "\nRun `make generate`, and commit " .. surface)
  end)
end)
