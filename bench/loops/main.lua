--- main.lua HOST TEXT: runs a scenario in a host that is a program.
local name, text = ...

require("bench.loops.program").run(require("bench.loops." .. name), text)
