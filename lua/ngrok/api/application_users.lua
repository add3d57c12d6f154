-- Application users: https://ngrok.com/docs/api/resources/application-users/
return {
  name = "application_users", item = "application_user", prefix = "au_", path = "/app/users",
  text = "A person who signed in at an endpoint that asks for OAuth, OpenID Connect or SAML.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "identity_provider", "identity_provider" },
    { "provider_user_id", "string", text = "the user's id at the identity provider" },
    { "username", "string" }, { "email", "string" }, { "name", "string" },
    { "last_active", "string", text = "when a session of this user was last used" },
    { "last_login", "string", text = "when this user last signed in" },
  },
  types = {
    identity_provider = {
      { "name", "string" },
      { "url", "string", text = "of its authorization endpoint" },
    },
  },
  operations = { "get", "delete", "list" },
}
