-- Certificate authorities: https://ngrok.com/docs/api/resources/certificate-authorities/
return {
  name = "certificate_authorities", item = "certificate_authority", prefix = "ca_",
  path = "/certificate_authorities",
  text = "A certificate authority whose client certificates mutual TLS accepts.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "description", "string", on = "create update", max = 255 },
    { "metadata", "string", on = "create update", max = 4096 },
    { "ca_pem", "string", on = "create", required = true, text = "certificates of the authority, PEM" },
    { "subject_common_name", "string", text = "the common name that the certificate is for" },
    { "not_before", "string", text = "valid from" },
    { "not_after", "string", text = "valid until" },
    {
      "key_usages", "[string]",
      text = 'what its key may be used for: "digitalSignature", "keyEncipherment" and others',
    },
    { "extended_key_usages", "[string]", text = '"serverAuth", "clientAuth" and others' },
  },
  operations = {
    "create", "get", "update", "delete",
    list = { query = { "limit", "before_id", "filter" } },
  },
}
