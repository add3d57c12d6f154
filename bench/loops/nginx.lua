--- A request of nginx's, in one of its workers.
local host = { loop = "nginx", sleep = ngx.sleep, go = ngx.thread.spawn, tell = ngx.print }

function host.every_millisecond(fn)
  local ended = false
  host.go(function()
    while not ended do
      fn()
      ngx.sleep(0.001)
    end
  end)
  return function() ended = true end
end

function host.run(fn)
  fn()
end

return host
