-- AI gateway API keys: https://ngrok.com/docs/api/resources/ai-gateway-api-keys/
return {
  name = "ai_gateway_api_keys", item = "ai_gateway_api_key", prefix = "aigk_",
  path = "/ai_gateway_api_keys",
  text = "A key with which programs call an AI gateway endpoint.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "updated_at", "string" },
    { "description", "string", on = "create update" },
    { "metadata", "string", on = "create update" },
    { "created_by", "ref", text = "the user who created it" },
    { "last_updated_by", "ref", text = "the user who changed it last" },
    { "endpoint", "ref" },
    { "token", "string", once = true, secret = true },
    { "display_name", "string", text = "a part of the token, to tell keys apart" },
    { "last_used", "string", text = "when it was last used" },
  },
  attributes = {
    { "endpoint_id", "string", on = "create update", text = "the endpoint that the key opens" },
  },
  operations = { "create", "get", "update", "delete", "list" },
}
