-- SSH credentials: https://ngrok.com/docs/api/resources/ssh-credentials/
return {
  name = "ssh_credentials", item = "ssh_credential", prefix = "sshcr_", path = "/ssh_credentials",
  text = "An SSH public key with which a client starts tunnels over SSH.",
  fields = {
    { "id", "string", required = true },
    { "uri", "string" },
    { "created_at", "string" },
    { "description", "string", on = "create update", max = 255 },
    { "metadata", "string", on = "create update", max = 4096 },
    { "public_key", "string", on = "create", required = "create", text = "as in authorized_keys" },
    { "acl", "[string]", on = "create update", check = "acl_rule", text = 'rules, "bind:…"; none allow all' },
    { "owner_id", "string", on = "create", text = "an id, an e-mail address or a SCIM user id" },
  },
  operations = {
    "create", "get", "update", "delete", list = { query = { "limit", "before_id", "filter" } },
  },
}
