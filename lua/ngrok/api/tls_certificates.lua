-- TLS certificates: https://ngrok.com/docs/api/resources/tls-certificates/
return {
  name = "tls_certificates", item = "tls_certificate", prefix = "cert_", path = "/tls_certificates",
  text = "A TLS certificate and its private key, for endpoints on reserved domains.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "description", "string", on = "create update", max = 255 },
    { "metadata", "string", on = "create update", max = 4096 },
    {
      "certificate_pem", "string", on = "create", required = true,
      text = "the certificate and those up to its root, PEM",
    },
    { "subject_common_name", "string", text = "the common name that the certificate is for" },
    { "subject_alternative_names", "alternative_names" },
    { "issued_at", "string", text = "when ngrok obtained it; absent for your own" },
    { "not_before", "string", text = "valid from" },
    { "not_after", "string", text = "valid until" },
    {
      "key_usages", "[string]",
      text = 'what its key may be used for: "digitalSignature", "keyEncipherment" and others',
    },
    { "extended_key_usages", "[string]", text = '"serverAuth", "clientAuth" and others' },
    { "private_key_type", "string", text = '"rsa" or "ecdsa"' },
    { "issuer_common_name", "string" }, { "serial_number", "string" }, { "subject_organization", "string" },
    { "subject_organizational_unit", "string" }, { "subject_locality", "string" },
    { "subject_province", "string" }, { "subject_country", "string" },
  },
  attributes = {
    {
      "private_key_pem", "string", on = "create", required = true, secret = true,
      text = "of the certificate, PEM; no response has it",
    },
  },
  types = {
    alternative_names = { { "dns_names", "[string]" }, { "ips", "[string]" } },
  },
  operations = {
    "create", "get", "update", "delete",
    list = { query = { "limit", "before_id", "filter" } },
  },
}
