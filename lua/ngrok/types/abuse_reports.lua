---@meta
-- `make generate` writes this file, from lua/ngrok/api/abuse_reports.lua.

---A report of phishing or other abuse at URLs that ngrok serves. Only chosen accounts may file one. Its fields cannot be assigned.
---@class ngrok.AbuseReport: ngrok.Resource
---@field id string its id
---@field uri? string its URL in the API
---@field created_at? string when it was made, RFC 3339
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field urls string[] the suspicious URLs
---@field status? string PROCESSED, PARTIALLY_PROCESSED or UNPROCESSED
---@field hostnames ngrok.AbuseReportHostname[] what became of each hostname in the URLs
local AbuseReport = {}

---Reads: `GET /abuse_reports/{id}`
---@param options? ngrok.CallOptions
---@return ngrok.AbuseReport?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function AbuseReport:reload(options) end

AbuseReport.created = require "ngrok.created"

---@class ngrok.AbuseReportHostname
---@field hostname? string
---@field status? string PROCESSED, PARTIALLY_PROCESSED or UNPROCESSED

---What `abuse_reports.create` takes.
---@class ngrok.AbuseReportCreate
---@field metadata? string for programs: any text, such as JSON; at most 4096 bytes
---@field urls string[] the suspicious URLs

---@class ngrok.AbuseReportListing: ngrok.Listing
---@field next fun(self): ngrok.AbuseReport?, ngrok.Error?
---@field all fun(self): ngrok.AbuseReport[]?, ngrok.Error?
---@overload fun(): ngrok.AbuseReport?

---@class ngrok.AbuseReports
local AbuseReports = {}

---Creates: `POST /abuse_reports`
---@param attributes? ngrok.AbuseReportCreate
---@param options? ngrok.CallOptions
---@return ngrok.AbuseReport?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function AbuseReports:create(attributes, options) end

---Reads: `GET /abuse_reports/{id}`
---@param id string|ngrok.AbuseReport
---@param options? ngrok.CallOptions
---@return ngrok.AbuseReport?
---@return (ngrok.Response|ngrok.Error)? # the error where there is no value
function AbuseReports:get(id, options) end

---@class ngrok.Client
---@field abuse_reports ngrok.AbuseReports
