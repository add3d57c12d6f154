--- poll(2), where LuaJIT's ffi gives it: what an event loop does with a client's descriptor.
local poll = {}

local found, ffi = pcall(require, "ffi")

if found then
  ffi.cdef [[
    struct ngrok_spec_pollfd { int fd; short events; short revents; };
    int poll(struct ngrok_spec_pollfd *fds, unsigned long count, int milliseconds);
  ]]
end

local readable = 1 -- POLLIN, on Linux, macOS and the BSDs

--- Whether there is a poll here.
poll.available = found

--- Waits until a descriptor is readable.
---@param descriptor integer
---@param seconds number
---@return boolean
function poll.wait(descriptor, seconds)
  local one = ffi.new("struct ngrok_spec_pollfd[1]", { { descriptor, readable, 0 } })
  return ffi.C.poll(one, 1, math.ceil(seconds * 1000)) == 1
end

return poll
