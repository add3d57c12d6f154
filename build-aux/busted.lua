-- busted's own launcher is bound to whichever Lua its packager chose. Started like this it runs in
-- the interpreter that reads this file, in one process that valgrind and sanitizers can watch.
require "busted.runner"({ standalone = false })
