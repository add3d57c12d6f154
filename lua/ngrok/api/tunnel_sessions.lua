-- Tunnel sessions: https://ngrok.com/docs/api/resources/tunnel-sessions/
return {
  name = "tunnel_sessions", item = "tunnel_session", prefix = "ts_", path = "/tunnel_sessions",
  text = "A running agent and its connection to ngrok.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" },
    { "metadata", "string", text = "of the agent" },
    { "agent_version", "string" },
    { "credential", "ref", text = "with which the agent connected" },
    { "ip", "string", text = "from which the agent connects" },
    { "os", "string" }, { "region", "string" }, { "started_at", "string" },
    { "transport", "string", text = 'the protocol between agent and ngrok: "ngrok/2" or "ssh"' },
  },
  operations = {
    "get",
    update = {
      method = "POST", path = "/tunnel_sessions/{id}/update",
      text = "Has the agent update itself to the newest version",
    },
    list = { query = { "limit", "before_id", "filter" } },
    restart = {
      method = "POST",
      text = "Restarts the agent, which must be a process that its host starts again",
    },
    stop = { method = "POST", text = "Stops the agent" },
  },
}
