-- Application sessions: https://ngrok.com/docs/api/resources/application-sessions/
return {
  name = "application_sessions", item = "application_session", prefix = "as_", path = "/app/sessions",
  text = "A browser session of an application user, made when that user signed in at an endpoint.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "public_url", "string", text = "the URL of the endpoint where it began" },
    { "browser_session", "browser_session" }, { "application_user", "ref" },
    { "last_active", "string", text = "when a request last used it" },
    { "expires_at", "string", text = "when it ends" },
    { "endpoint", "ref" },
    { "edge", "ref", text = "where the session was made by an edge" },
    { "route", "ref", text = "where the session was made by a route of an edge" },
  },
  types = {
    browser_session = {
      { "user_agent", "user_agent" }, { "ip_address", "string" }, { "location", "location" },
    },
    user_agent = {
      { "raw", "string", text = "the header `User-Agent` as it was sent" },
      { "browser_name", "string" }, { "browser_version", "string" }, { "device_type", "string" },
      { "os_name", "string" }, { "os_version", "string" },
    },
    location = {
      { "country_code", "string", text = "ISO 3166" },
      { "latitude", "number" }, { "longitude", "number" },
      { "lat_long_radius_km", "integer", text = "how exact the position is" },
    },
  },
  operations = { "get", "delete", "list" },
}
