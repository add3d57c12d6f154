-- Event sources: https://ngrok.com/docs/api/resources/event-sources/
return {
  name = "event_sources", item = "event_source", path = "/event_subscriptions/{subscription_id}/sources",
  list_key = "sources",
  text = "A type of event that an event subscription sends.",
  fields = {
    { "uri", "string" },
    { "type", "string", on = "create", text = '"ip_policy_created.v0" and the like' },
  },
  operations = {
    "create", "list",
    get = { path = "/event_subscriptions/{subscription_id}/sources/{type}" },
    update = { path = "/event_subscriptions/{subscription_id}/sources/{type}" },
    delete = { path = "/event_subscriptions/{subscription_id}/sources/{type}" },
  },
}
