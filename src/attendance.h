/* Whose turn it is among requests that wait for the limits.
 *
 * Some hosts end a caller without a trace: nginx's light threads just never go on. Nothing may be
 * sent for a caller that has left. So an attended request begins only while its caller says that it
 * is here; the caller is called when its turn has come. A caller that does not come after several
 * calls counts as gone and is passed over. It keeps its place in case it comes back.
 *
 * No I/O, no Lua, no clock. */
#ifndef NGROK_ATTENDANCE_H
#define NGROK_ATTENDANCE_H

#include "engine_request.h"

/* The caller is here from now on until it leaves. */
void ngrok_attendance_arrive(ngrok_request *request);
void ngrok_attendance_leave(ngrok_request *request);

/* Its caller has been called. After several calls without an arrival it counts as gone. */
void ngrok_attendance_call(ngrok_request *request);

/* Whether it may begin at this moment, as far as its caller is concerned. */
bool ngrok_attendance_may_begin(const ngrok_request *request);

/* The first whose caller does not count as gone, or NULL. */
ngrok_request *ngrok_attendance_first(const ngrok_queue *waiting);

/* How many could begin one after the other at this moment; `most` at most. */
unsigned ngrok_attendance_count(const ngrok_queue *waiting, unsigned most);

#endif
