-- busted's own launcher is bound to whichever Lua its packager chose. Started like this it runs in
-- the interpreter that reads this file, in one process that valgrind and sanitizers can watch.
--
-- It ends by returning, or by os.exit that closes the state: a leak checker then sees what our code
-- failed to free, and not what Lua still holds. Such a checker may end the process without flushing.
io.stdout:setvbuf "line"
-- busted forgets what a spec file has loaded, and luv (1.44) crashes where it is loaded a second time.
pcall(require, "luv")
require "busted.runner"({ standalone = false })
