/* Whether the callers of requests are still there, and whose turn it is among those that wait.
 *
 * Some hosts end a caller without a trace: nginx's light threads just never go on. Nothing may be
 * sent for a caller that has left. So an attended request begins only while its caller says that it
 * is here; the caller is called when its turn has come. A caller that does not come after several
 * calls counts as gone and is passed over. It keeps its place in case it comes back.
 *
 * While a request is in flight its caller comes often by itself. One who is away for longer may
 * have left, or the host is busy. So turns of the host are counted, too: after several of them
 * without its caller, in flight, a request ends.
 *
 * No I/O, no Lua, no clock. */
#ifndef NGROK_ATTENDANCE_H
#define NGROK_ATTENDANCE_H

#include "engine/request.h"

/* The caller is here from now on until it leaves. */
void ngrok_attendance_arrive(ngrok_request *request, double now);
void ngrok_attendance_leave(ngrok_request *request);

/* Its caller has been called, or did not come in a turn of the host in which it was due. After
 * several times without an arrival it counts as gone. */
void ngrok_attendance_call(ngrok_request *request);

/* When its caller is due, if it is alive; INFINITY where nobody attends it. */
double ngrok_attendance_due(const ngrok_request *request);

/* Whether its caller was due, did not come, and counts as gone. */
bool ngrok_attendance_has_left(const ngrok_request *request, double now);

/* Whether it may begin at this moment, as far as its caller is concerned. */
bool ngrok_attendance_may_begin(const ngrok_request *request);

/* The first whose caller does not count as gone, or NULL. */
ngrok_request *ngrok_attendance_first(const ngrok_queue *waiting);

/* How many could begin one after the other at this moment; `most` at most. */
unsigned ngrok_attendance_count(const ngrok_queue *waiting, unsigned most);

#endif
