-- SSH certificate authorities: https://ngrok.com/docs/api/resources/ssh-certificate-authorities/
return {
  name = "ssh_certificate_authorities", item = "ssh_certificate_authority", prefix = "sshca_",
  path = "/ssh_certificate_authorities",
  text = "A certificate authority that signs SSH certificates of users and hosts.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "description", "string", on = "create update", max = 255 },
    { "metadata", "string", on = "create update", max = 4096 },
    { "public_key", "string", text = "for known_hosts or TrustedUserCAKeys" },
    { "key_type", "string", text = '"rsa", "ecdsa" or "ed25519"' },
  },
  attributes = {
    { "private_key_type", "string", on = "create", text = '"rsa", "ecdsa" or "ed25519"' },
    {
      "elliptic_curve", "string", on = "create",
      text = "of an ecdsa key: 224, 256, 384 or 521; 256 unless given",
    },
    { "key_size", "integer", on = "create", text = "bits of an rsa key, 2048 to 4096; 2048 unless given" },
  },
  operations = {
    "create", "get", "update", "delete",
    list = { query = { "limit", "before_id", "filter" } },
  },
}
