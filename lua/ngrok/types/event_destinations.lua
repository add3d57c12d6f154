---@meta
-- `make generate` writes this file, from lua/ngrok/api/event_destinations.lua.

---A place that events are sent to. Its fields cannot be assigned.
---@class ngrok.EventDestination: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field format? string "json"
---@field target? ngrok.EventDestinationTarget exactly one of them
local EventDestination = {}

---Deletes: `DELETE /event_destinations/{id}`
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventDestination:delete(options) end

---Reads: `GET /event_destinations/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.EventDestination?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventDestination:reload(options) end

---Changes: `PATCH /event_destinations/{id}`
---@param attributes ngrok.EventDestinationUpdate
---@param options? ngrok.CallOptions
---@return ngrok.EventDestination?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventDestination:update(attributes, options) end

EventDestination.created = require "ngrok.created"

---@class ngrok.EventDestinationAwsAuth
---@field role? ngrok.EventDestinationAwsRole
---@field creds? ngrok.EventDestinationAwsCredentials

---@class ngrok.EventDestinationAwsCredentials
---@field aws_access_key_id string
---@field aws_secret_access_key string secret

---@class ngrok.EventDestinationAwsRole
---@field role_arn string that ngrok assumes

---@class ngrok.EventDestinationAzureLogsIngestion
---@field tenant_id string of Microsoft Entra
---@field client_id string of the application that ngrok signs in as
---@field client_secret string secret
---@field logs_ingestion_uri string of the data collection endpoint
---@field data_collection_rule_id string its immutable id
---@field data_collection_stream_name string

---@class ngrok.EventDestinationCloudwatchLogs
---@field auth? ngrok.EventDestinationAwsAuth exactly one of them
---@field log_group_arn? string

---@class ngrok.EventDestinationDatadog
---@field api_key? string secret
---@field ddtags? string "name:value" tags for all events, with commas between
---@field service? string Datadog's name for where the events come from
---@field ddsite? string of Datadog: "datadoghq.com" unless given

---@class ngrok.EventDestinationFirehose
---@field auth? ngrok.EventDestinationAwsAuth exactly one of them
---@field delivery_stream_arn? string

---@class ngrok.EventDestinationKinesis
---@field auth? ngrok.EventDestinationAwsAuth exactly one of them
---@field stream_arn? string

---@class ngrok.EventDestinationTarget
---@field firehose? ngrok.EventDestinationFirehose Amazon Data Firehose
---@field kinesis? ngrok.EventDestinationKinesis Amazon Kinesis Data Streams
---@field cloudwatch_logs? ngrok.EventDestinationCloudwatchLogs Amazon CloudWatch Logs
---@field datadog? ngrok.EventDestinationDatadog
---@field azure_logs_ingestion? ngrok.EventDestinationAzureLogsIngestion

---What `event_destinations.create` takes.
---@class ngrok.EventDestinationCreate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field format? string "json"
---@field target? ngrok.EventDestinationTarget exactly one of them

---What `event_destinations.update` takes.
---@class ngrok.EventDestinationUpdate
---@field description? string for people: what it is; at most 255 bytes
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field format? string "json"
---@field target? ngrok.EventDestinationTarget exactly one of them

---@class ngrok.EventDestinationListing: ngrok.Listing
---@field next fun(self): ngrok.EventDestination?, ngrok.Error?
---@field all fun(self): ngrok.EventDestination[]?, ngrok.Error?
---@overload fun(): ngrok.EventDestination?

---What `find` looks for, and a list's `filter` as a table.
---@class ngrok.EventDestinationMatch
---@field id? string|string[]
---@field created_at? ngrok.TimeCondition
---@field description? string|string[]
---@field metadata? string|string[]
---@field format? string|string[]

---@class ngrok.EventDestinations
local EventDestinations = {}

---Creates: `POST /event_destinations`
---@param attributes? ngrok.EventDestinationCreate
---@param options? ngrok.CallOptions
---@return ngrok.EventDestination?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventDestinations:create(attributes, options) end

---Deletes: `DELETE /event_destinations/{id}`
---@param id string|ngrok.EventDestination
---@param options? ngrok.CallOptions
---@return true?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventDestinations:delete(id, options) end

---Reads: `GET /event_destinations/{id}`
---@param id string|ngrok.EventDestination
---@param options? ngrok.CallOptions
---@return ngrok.EventDestination?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventDestinations:get(id, options) end

---Lists, newest first: `GET /event_destinations`
---@param query? ngrok.ListQuery
---@param options? ngrok.ListOptions
---@return ngrok.EventDestinationListing
function EventDestinations:list(query, options) end

---Changes: `PATCH /event_destinations/{id}`
---@param id string|ngrok.EventDestination
---@param attributes ngrok.EventDestinationUpdate
---@param options? ngrok.CallOptions
---@return ngrok.EventDestination?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function EventDestinations:update(id, attributes, options) end

---The newest that matches; nil where none does.
---@param match ngrok.EventDestinationMatch
---@param options? ngrok.FindOptions
---@return ngrok.EventDestination?
---@return ngrok.Error?
function EventDestinations:find(match, options) end

---All that match, newest first.
---@param match ngrok.EventDestinationMatch
---@param options? ngrok.FindOptions
---@return ngrok.EventDestination[]?
---@return ngrok.Error?
function EventDestinations:find_all(match, options) end

---The newest that matches. Where none does, creates one; values in match are part of it.
---@param match ngrok.FindOrCreate
---@param options? ngrok.FindOptions
---@return ngrok.EventDestination?
---@return (ngrok.Response|ngrok.Error)?
function EventDestinations:find_or_create(match, options) end

---@class ngrok.Client
---@field event_destinations ngrok.EventDestinations
