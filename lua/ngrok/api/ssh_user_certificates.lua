-- SSH user certificates: https://ngrok.com/docs/api/resources/ssh-user-certificates/
return {
  name = "ssh_user_certificates", item = "ssh_user_certificate", prefix = "sucrt_",
  path = "/ssh_user_certificates",
  text = "A certificate by which a person signs in to an SSH server.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "description", "string", on = "create update", max = 255 },
    { "metadata", "string", on = "create update", max = 4096 },
    {
      "public_key", "string", on = "create", required = true,
      text = "the user's key, as in authorized_keys",
    },
    { "key_type", "string", text = '"rsa", "ecdsa" or "ed25519"' },
    { "ssh_certificate_authority_id", "string", on = "create", required = true },
    { "principals", "[string]", on = "create", text = "login names that it is for; none for all" },
    { "critical_options", "{string}", on = "create", text = '"force-command", "source-address"' },
    {
      "extensions", "{string}", on = "create",
      text = '"permit-pty" and the like; those of ssh-keygen unless given',
    },
    { "valid_after", "string", on = "create", text = "RFC 3339; now unless given" },
    { "valid_until", "string", on = "create", text = "RFC 3339; 24 hours later unless given" },
    { "certificate", "string", text = "for the file …-cert.pub" },
  },
  operations = { "create", "get", "update", "delete", "list" },
}
