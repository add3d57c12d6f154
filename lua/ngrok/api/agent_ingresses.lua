-- Agent ingresses: https://ngrok.com/docs/api/resources/agent-ingresses/
return {
  name = "agent_ingresses", item = "agent_ingress", prefix = "agin_", path = "/agent_ingresses",
  list_key = "ingresses",
  text = "A domain of your own by which agents connect to ngrok, in place of connect.ngrok-agent.com.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "description", "string", on = "create update", max = 255 },
    { "metadata", "string", on = "create update", max = 4096 },
    {
      "domain", "string", on = "create", required = true,
      text = "the domain that agents connect to; its name servers must be those of ns_targets",
    },
    { "ns_targets", "[string]", text = "DNS name servers for the domain" },
    { "region_domains", "[string]", text = "a subdomain for each region of ngrok" },
    {
      "certificate_management_policy", "certificate_policy", on = "create update",
      text = "how ngrok obtains and renews its certificate",
    },
    {
      "certificate_management_status", "certificate_status",
      text = "how far that is; absent without a policy",
    },
  },
  types = {
    certificate_policy = {
      { "authority", "string", text = '"letsencrypt"' },
      { "private_key_type", "string", text = '"rsa" or "ecdsa"' },
    },
    certificate_status = {
      { "renews_at", "string", text = "when the certificate will be renewed; absent until there is one" },
      {
        "provisioning_job", "certificate_job",
        text = "the attempt to obtain the certificate that is under way, if any",
      },
    },
    certificate_job = {
      { "error_code", "string", text = "why the last attempt failed" },
      { "msg", "string", text = "what happens now, for people" },
      { "started_at", "string" },
      { "retries_at", "string", text = "when the next attempt begins" },
    },
  },
  operations = {
    "create", "get", "update", "delete",
    list = { query = { "limit", "before_id", "filter" } },
  },
}
