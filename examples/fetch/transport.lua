--- A transport for a host whose only HTTP is `fetch(url, options, callback)`: the whole of it.
--
-- The host's callback gets a response with `status`, `headers` and `body`, or nil and a problem. No more
-- is asked of it: keys, limits, retries and deadlines are the client's work.

---@param fetch function the host's
---@return function for `ngrok.client { transport = … }`
return function(fetch)
  return function(attempt, done)
    local options = {
      method = attempt.method, headers = attempt.headers, body = attempt.body, timeout = attempt.timeout,
    }
    fetch(attempt.url, options, function(response, problem)
      if response then
        done { status = response.status, headers = response.headers, body = response.body }
      else
        -- The host does not tell how far it got, so ngrok may have the request. Only of a failure that is
        -- surely an earlier one may "resolve", "connect" or "tls" be said: a create is then sent again.
        done(nil, "receive", problem)
      end
    end)
  end
end
