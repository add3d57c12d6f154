--- Tunnel credentials, as a table of descriptions: https://ngrok.com/docs/api/resources/tunnel-credentials/
-- Another resource of the API is another such table and a schema in the core.
return {
  name = "credentials",
  path = "/credentials",
  schema = "credential", -- in the core
  list_field = "credentials", -- where a page keeps its items
  operations = {
    create = { method = "POST", attributes = true, answer = "resource" },
    get = { method = "GET", id = true, answer = "resource" },
    update = { method = "PATCH", id = true, attributes = true, answer = "resource" },
    delete = { method = "DELETE", id = true, answer = "nothing" },
    list = { method = "GET", answer = "page", query = { "limit", "before_id", "filter" } },
  },
}
