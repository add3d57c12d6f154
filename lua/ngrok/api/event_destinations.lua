-- Event destinations: https://ngrok.com/docs/api/resources/event-destinations/
return {
  name = "event_destinations", item = "event_destination", prefix = "ed_", path = "/event_destinations",
  text = "A place that events are sent to.",
  fields = {
    { "id", "string", required = true }, { "uri", "string" }, { "created_at", "string" },
    { "description", "string", on = "create update", max = 255 },
    { "metadata", "string", on = "create update", max = 4096 },
    { "format", "string", on = "create update", text = '"json"' },
    { "target", "target", on = "create update", text = "exactly one of them" },
  },
  types = {
    target = {
      { "firehose", "firehose", text = "Amazon Data Firehose" },
      { "kinesis", "kinesis", text = "Amazon Kinesis Data Streams" },
      { "cloudwatch_logs", "cloudwatch_logs", text = "Amazon CloudWatch Logs" },
      { "datadog", "datadog" }, { "azure_logs_ingestion", "azure_logs_ingestion" },
    },
    firehose = {
      { "auth", "aws_auth", text = "exactly one of them" },
      { "delivery_stream_arn", "string" },
    },
    aws_auth = { { "role", "aws_role" }, { "creds", "aws_credentials" } },
    aws_role = { { "role_arn", "string", required = true, text = "that ngrok assumes" } },
    aws_credentials = {
      { "aws_access_key_id", "string", required = true },
      { "aws_secret_access_key", "string", required = true, secret = true },
    },
    kinesis = { { "auth", "aws_auth", text = "exactly one of them" }, { "stream_arn", "string" } },
    cloudwatch_logs = {
      { "auth", "aws_auth", text = "exactly one of them" },
      { "log_group_arn", "string" },
    },
    datadog = {
      { "api_key", "string", secret = true },
      { "ddtags", "string", text = '"name:value" tags for all events, with commas between' },
      { "service", "string", text = "Datadog's name for where the events come from" },
      { "ddsite", "string", text = 'of Datadog: "datadoghq.com" unless given' },
    },
    azure_logs_ingestion = {
      { "tenant_id", "string", required = true, text = "of Microsoft Entra" },
      { "client_id", "string", required = true, text = "of the application that ngrok signs in as" },
      { "client_secret", "string", required = true, secret = true },
      { "logs_ingestion_uri", "string", required = true, text = "of the data collection endpoint" },
      { "data_collection_rule_id", "string", required = true, text = "its immutable id" },
      { "data_collection_stream_name", "string", required = true },
    },
  },
  operations = {
    "create", "get", "update", "delete",
    list = { query = { "limit", "before_id", "filter" } },
  },
}
