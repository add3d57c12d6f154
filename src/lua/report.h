/* Requests and events as Lua gets them: tables of names and numbers, unredacted. */
#ifndef NGROK_REPORT_H
#define NGROK_REPORT_H

#include "base/compat.h"
#include "base/secret.h"
#include "engine/trace.h"

/* Pushes attempts; after a response status, body and what its headers said; for anything but a
 * success kind, phase and outcome; message and retry_after where there is one. */
void ngrok_report_push(lua_State *L, const ngrok_request *request);

/* Of a success: pushes status, attempts, seconds (from submission to its end) and operation_id,
 * which is absent where it may be the key or a token. */
void ngrok_report_push_response(lua_State *L, const ngrok_request *request,
                                const ngrok_secret *key);

/* The same as ngrok_report_push for a 2xx whose body is not what it should be: kind "decode", and
 * `problem` as its message, none where the body is not JSON. Nothing of the body is in it: a
 * response to create that was cut off has a token in it. */
void ngrok_report_push_undecodable(lua_State *L, const ngrok_request *request, const char *problem);

/* Pushes name, request (its id), attempt, why, seconds; of a retry and the end also what a report
 * has (the body only of an API error), and timings where the transport took them. */
void ngrok_report_push_event(lua_State *L, const ngrok_event *event);

/* Sets a field of the table on top of the stack; NULL sets nothing. */
void ngrok_report_set_string(lua_State *L, const char *name, const char *value);
void ngrok_report_set_number(lua_State *L, const char *name, double value);
void ngrok_report_set_integer(lua_State *L, const char *name, lua_Integer value);

#endif
