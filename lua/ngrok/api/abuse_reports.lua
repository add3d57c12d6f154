-- Abuse reports: https://ngrok.com/docs/api/resources/abuse-reports/
return {
  name = "abuse_reports", item = "abuse_report", prefix = "abrp_", path = "/abuse_reports",
  text = "A report of phishing or other abuse at URLs that ngrok serves. Only chosen accounts may file one.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "metadata", "string", on = "create", max = 4096 },
    { "urls", "[string]", on = "create", required = true, text = "the suspicious URLs" },
    { "status", "string", text = "PROCESSED, PARTIALLY_PROCESSED or UNPROCESSED" },
    { "hostnames", "[hostname]", text = "what became of each hostname in the URLs" },
  },
  types = {
    hostname = {
      { "hostname", "string" },
      { "status", "string", text = "PROCESSED, PARTIALLY_PROCESSED or UNPROCESSED" },
    },
  },
  operations = { "create", "get" },
}
