-- SSH host certificates: https://ngrok.com/docs/api/resources/ssh-host-certificates/
return {
  name = "ssh_host_certificates", item = "ssh_host_certificate", prefix = "shcrt_",
  path = "/ssh_host_certificates",
  text = "A certificate by which an SSH server proves which host it is.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "description", "string", on = "create update", max = 255 },
    { "metadata", "string", on = "create update", max = 4096 },
    {
      "public_key", "string", on = "create", required = true,
      text = "the host's key, as in authorized_keys",
    },
    { "key_type", "string", text = '"rsa", "ecdsa" or "ed25519"' },
    { "ssh_certificate_authority_id", "string", on = "create", required = true },
    { "principals", "[string]", on = "create", text = "hostnames that it is for; none for all" },
    { "valid_after", "string", on = "create", text = "RFC 3339; now unless given" },
    { "valid_until", "string", on = "create", text = "RFC 3339; a year later unless given" },
    { "certificate", "string", text = "for the file …-cert.pub" },
  },
  operations = { "create", "get", "update", "delete", "list" },
}
