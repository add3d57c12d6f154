---@meta
-- `make generate` writes this file, from lua/ngrok/api/edge_types.lua.

---@class ngrok.EdgeBackend
---@field enabled? boolean whether it is on
---@field backend? ngrok.Ref

---@class ngrok.EdgeBackendAttributes
---@field enabled? boolean whether it is on
---@field backend_id? string

---@class ngrok.EdgeCircuitBreaker
---@field enabled? boolean whether it is on
---@field tripped_duration? integer seconds before it lets requests through again
---@field rolling_window? integer seconds over which it counts
---@field num_buckets? integer that the window is divided into
---@field volume_threshold? integer requests in the window below which it does not trip
---@field error_threshold_percentage? number of responses 500 and above in the window at which it trips, 0 to 1

---@class ngrok.EdgeCompression
---@field enabled? boolean whether it is on

---@class ngrok.EdgeHttpsTlsTermination
---@field enabled? boolean whether it is on
---@field min_version? string of TLS: "1.0", "1.1", "1.2" or "1.3"

---@class ngrok.EdgeIpRestriction
---@field enabled? boolean whether it is on
---@field ip_policies? ngrok.Ref[]

---@class ngrok.EdgeIpRestrictionAttributes
---@field enabled? boolean whether it is on
---@field ip_policy_ids? string[]

---@class ngrok.EdgeMutualTls
---@field enabled? boolean whether it is on
---@field certificate_authorities? ngrok.Ref[]

---@class ngrok.EdgeMutualTlsAttributes
---@field enabled? boolean whether it is on
---@field certificate_authority_ids? string[] whose client certificates are accepted

---@class ngrok.EdgeOauth
---@field enabled? boolean whether it is on
---@field provider? ngrok.EdgeOauthProvider exactly one of them
---@field options_passthrough? boolean let OPTIONS requests through, as CORS needs
---@field cookie_prefix? string for the names of its cookies; "ngrok." unless given
---@field inactivity_timeout? integer seconds without a request after which a session ends; 0 for never
---@field maximum_duration? integer seconds after which a session ends; 0 for never
---@field auth_check_interval? integer seconds between checks that the user is still authorized; 0 for never

---@class ngrok.EdgeOauthClient
---@field client_id? string
---@field client_secret? string secret
---@field scopes? string[] that are asked of the provider
---@field email_addresses? string[] of users who may enter
---@field email_domains? string[] whose users may enter

---@class ngrok.EdgeOauthGithub
---@field client_id? string of your own OAuth app; ngrok's own app where it is left out
---@field client_secret? string secret
---@field scopes? string[] that are asked of the provider
---@field email_addresses? string[] of users who may enter
---@field email_domains? string[] whose users may enter
---@field teams? string[] whose members may enter: slugs
---@field organizations? string[] whose members may enter

---@class ngrok.EdgeOauthProvider
---@field github? ngrok.EdgeOauthGithub
---@field facebook? ngrok.EdgeOauthClient
---@field microsoft? ngrok.EdgeOauthClient
---@field google? ngrok.EdgeOauthClient
---@field linkedin? ngrok.EdgeOauthClient
---@field gitlab? ngrok.EdgeOauthClient
---@field twitch? ngrok.EdgeOauthClient
---@field amazon? ngrok.EdgeOauthClient

---@class ngrok.EdgeOidc
---@field enabled? boolean whether it is on
---@field options_passthrough? boolean let OPTIONS requests through, as CORS needs
---@field cookie_prefix? string for the names of its cookies; "ngrok." unless given
---@field inactivity_timeout? integer seconds without a request after which a session ends; 0 for never
---@field maximum_duration? integer seconds after which a session ends; 0 for never
---@field issuer? string URL of the provider
---@field client_id? string of your app at the provider
---@field client_secret? string secret
---@field scopes? string[] that are asked of the provider

---@class ngrok.EdgeRequestHeaders
---@field enabled? boolean whether it is on
---@field add? table<string, string> headers to set on requests
---@field remove? string[] names of headers to take off requests

---@class ngrok.EdgeResponseHeaders
---@field enabled? boolean whether it is on
---@field add? table<string, string> headers to set on responses
---@field remove? string[] names of headers to take off responses

---@class ngrok.EdgeRoute
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field edge_id? string
---@field match_type string "exact_path" or "path_prefix"
---@field match string the path, or how it begins: "/blob/foo"
---@field backend? ngrok.EdgeBackend
---@field ip_restriction? ngrok.EdgeIpRestriction
---@field circuit_breaker? ngrok.EdgeCircuitBreaker
---@field compression? ngrok.EdgeCompression
---@field request_headers? ngrok.EdgeRequestHeaders
---@field response_headers? ngrok.EdgeResponseHeaders
---@field webhook_verification? ngrok.EdgeWebhookVerification
---@field oauth? ngrok.EdgeOauth
---@field saml? ngrok.EdgeSaml
---@field oidc? ngrok.EdgeOidc
---@field websocket_tcp_converter? ngrok.EdgeWebsocketTcpConverter
---@field user_agent_filter? ngrok.EdgeUserAgentFilter
---@field traffic_policy? ngrok.EdgeTrafficPolicy

---@class ngrok.EdgeSaml
---@field enabled? boolean whether it is on
---@field options_passthrough? boolean let OPTIONS requests through, as CORS needs
---@field cookie_prefix? string for the names of its cookies; "ngrok." unless given
---@field inactivity_timeout? integer seconds without a request after which a session ends; 0 for never
---@field maximum_duration? integer seconds after which a session ends; 0 for never
---@field idp_metadata? string the identity provider's metadata, XML
---@field force_authn? boolean ask users to sign in even if their provider knows them
---@field allow_idp_initiated? boolean let a sign-in begin at the identity provider
---@field authorized_groups? string[] one of which a user must be in; none for all users
---@field entity_id? string ngrok's name to the identity provider
---@field assertion_consumer_service_url? string where the identity provider sends responses
---@field single_logout_url? string where the identity provider sends logout requests
---@field request_signing_certificate_pem? string with which ngrok signs requests
---@field metadata_url? string of ngrok's own metadata
---@field nameid_format? string by what the identity provider names users; a persistent name unless given

---@class ngrok.EdgeSamlAttributes
---@field enabled? boolean whether it is on
---@field options_passthrough? boolean let OPTIONS requests through, as CORS needs
---@field cookie_prefix? string for the names of its cookies; "ngrok." unless given
---@field inactivity_timeout? integer seconds without a request after which a session ends; 0 for never
---@field maximum_duration? integer seconds after which a session ends; 0 for never
---@field idp_metadata? string the identity provider's metadata, XML
---@field force_authn? boolean ask users to sign in even if their provider knows them
---@field allow_idp_initiated? boolean let a sign-in begin at the identity provider
---@field authorized_groups? string[] one of which a user must be in; none for all users
---@field nameid_format? string by what the identity provider names users; a persistent name unless given

---@class ngrok.EdgeTlsTermination
---@field enabled? boolean whether it is on
---@field terminate_at? string "edge" or "upstream"
---@field min_version? string of TLS: "1.0", "1.1", "1.2" or "1.3"

---@class ngrok.EdgeTrafficPolicy
---@field enabled? boolean whether it is on
---@field value? string the policy, as JSON or YAML; secret

---@class ngrok.EdgeUserAgentFilter
---@field enabled? boolean whether it is on
---@field allow? string[] regular expressions of user agents that may enter
---@field deny? string[] regular expressions of user agents that may not

---@class ngrok.EdgeWebhookVerification
---@field enabled? boolean whether it is on
---@field provider? string who sends the webhooks: "SLACK", "GITHUB", "STRIPE" and others
---@field secret? string with which the provider signs them; secret

---@class ngrok.EdgeWebsocketTcpConverter
---@field enabled? boolean whether it is on
