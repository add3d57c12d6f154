-- Kubernetes operators: https://ngrok.com/docs/api/resources/kubernetes-operators/
return {
  name = "kubernetes_operators", item = "kubernetes_operator", prefix = "k8sop_",
  path = "/kubernetes_operators", list_key = "operators",
  text = "A Kubernetes cluster in which the ngrok operator runs.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "updated_at", "string" },
    { "description", "string", on = "create update" },
    { "metadata", "string", on = "create update" },
    { "principal", "ref", text = "the user whose API key registered it" },
    { "enabled_features", "[string]", on = "create update", text = '"ingress", "gateway", "bindings"' },
    {
      "region", "string", on = "create update",
      text = 'of ngrok that it connects to; "global" for the nearest',
    },
    { "deployment", "deployment", on = "create" },
    { "binding", "binding", text = "for endpoints of the account that the cluster may reach" },
  },
  attributes = {
    {
      "binding", "binding_attributes", on = "create update",
      text = "for endpoints of the account that the cluster may reach",
    },
    { "deployment", "deployment_update", on = "update" },
  },
  types = {
    deployment = {
      { "name", "string" }, { "namespace", "string" }, { "version", "string" },
      { "cluster_name", "string" },
    },
    binding = {
      { "endpoint_selectors", "[string]", text = "CEL expressions; endpoints that match one are bound" },
      { "cert", "certificate", text = "with which the operator connects to the ingress endpoint" },
      {
        "ingress_endpoint", "string",
        text = '"host:port" where the cluster sends traffic for bound endpoints',
      },
    },
    certificate = {
      { "cert", "string", text = "PEM" },
      { "not_before", "string", text = "valid from" },
      { "not_after", "string", text = "valid until" },
    },
    binding_attributes = {
      { "endpoint_selectors", "[string]", text = "CEL expressions; endpoints that match one are bound" },
      { "csr", "string", text = "a request for a certificate, PEM" },
      {
        "ingress_endpoint", "string",
        text = '"host:port" where the cluster sends traffic for bound endpoints',
      },
    },
    deployment_update = { { "name", "string" }, { "version", "string" } },
  },
  operations = {
    "create", "get", "update", "delete", "list",
    get_bound_endpoints = {
      method = "GET", path = "/kubernetes_operators/{id}/bound_endpoints", returns = "page", of = "endpoints",
      text = "Lists the endpoints that are bound to the operator",
    },
  },
}
