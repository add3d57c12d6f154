-- Reserved domains: https://ngrok.com/docs/api/resources/reserved-domains/
return {
  name = "reserved_domains", item = "reserved_domain", prefix = "rd_", path = "/reserved_domains",
  text = "A domain that only this account can listen on.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "description", "string", on = "create update" },
    { "metadata", "string", on = "create update", max = 4096 },
    {
      "domain", "string", on = "create",
      text = '"app.example.com", "*.example.com" or a name below a domain of ngrok',
    },
    { "region", "string", on = "create", text = "has no effect any more" },
    { "cname_target", "string", text = "for the CNAME record of your own domain" },
    { "certificate", "ref" },
    {
      "certificate_management_policy", "certificate_policy", on = "create update",
      text = "how ngrok obtains and renews its certificate",
    },
    {
      "certificate_management_status", "certificate_status",
      text = "how far that is; absent without a policy",
    },
    {
      "acme_challenge_cname_target", "string",
      text = "for the CNAME record by which ngrok obtains a wildcard domain's certificate",
    },
    {
      "resolves_to", "[target]", on = "create update",
      text = "regions of ngrok that its DNS records lead to; all unless given",
    },
  },
  attributes = {
    {
      "certificate_id", "string", on = "create update",
      text = "a TLS certificate for the domain; not along with a policy",
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
    target = { { "value", "string", text = 'a region, or "global"' } },
  },
  operations = {
    "create", "get", "update", "delete",
    list = { query = { "limit", "before_id", "filter" } },
    delete_certificate_management_policy = {
      method = "DELETE", path = "/reserved_domains/{id}/certificate_management_policy",
      text = "Stops the automatic management of its certificate",
    },
    delete_certificate = {
      method = "DELETE", path = "/reserved_domains/{id}/certificate",
      text = "Detaches its certificate",
    },
  },
}
