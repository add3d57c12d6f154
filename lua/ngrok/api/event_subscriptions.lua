-- Event subscriptions: https://ngrok.com/docs/api/resources/event-subscriptions/
return {
  name = "event_subscriptions", item = "event_subscription", prefix = "esb_",
  path = "/event_subscriptions",
  text = "Which types of events go to which destinations.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "description", "string", on = "create update", max = 255 },
    { "metadata", "string", on = "create update", max = 4096 },
    { "sources", "[source]", text = "types of events" },
    { "destinations", "[ref]" },
  },
  attributes = {
    { "sources", "[source_attributes]", on = "create update", text = "types of events" },
    { "destination_ids", "[string]", on = "create update" },
  },
  types = {
    source = { { "type", "string", text = '"ip_policy_created.v0" and the like' }, { "uri", "string" } },
    source_attributes = { { "type", "string", text = '"ip_policy_created.v0" and the like' } },
  },
  operations = {
    "create", "get", "update", "delete",
    list = { query = { "limit", "before_id", "filter" } },
  },
}
