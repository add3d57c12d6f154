--- A controller of cqueues.
local cqueues = require "cqueues"

local host = { loop = "cqueues", sleep = cqueues.sleep }

function host.go(fn)
  cqueues.running():wrap(fn)
end

function host.every_millisecond(fn)
  local ended = false
  host.go(function()
    while not ended do
      fn()
      cqueues.sleep(0.001)
    end
  end)
  return function() ended = true end
end

function host.run(fn)
  local controller = cqueues.new()
  controller:wrap(fn)
  assert(controller:loop())
end

return host
