/* Tracks whether the callers of requests are still there, and which of those that wait is next.
 *
 * Some hosts end a caller without notice: nginx just never resumes its light thread. Nothing may be
 * sent for a caller that has left. So an attended request begins only while its caller says that it
 * is here; the caller is called when its turn has come. A caller that does not come after several
 * calls counts as gone and is passed over. It keeps its place in case it comes back.
 *
 * While a request is in flight its caller comes often by itself. A caller that is away for longer
 * is absent: it may have left, or the host is busy. So turns of the host are counted, too: after
 * several of them without its caller, a request in flight ends. */
#ifndef NGROK_ATTENDANCE_H
#define NGROK_ATTENDANCE_H

#include "engine/engine.h"

/* Records that the request's caller is here, until it leaves. From now on the request begins only
 * while its caller is here. False if it cannot begin now: then the caller need not stay. */
bool ngrok_engine_attend(ngrok_engine *engine, ngrok_request *request, double now);
void ngrok_attendance_leave(ngrok_request *request);

/* The request that could begin now if its caller were here, or NULL. The host calls its caller. */
ngrok_request *ngrok_engine_call_next(ngrok_engine *engine, double now);

/* Call it once in each turn of the host's loop, when every caller that is alive has come. */
void ngrok_engine_note_turn(ngrok_engine *engine, double now);

/* Whether a request in flight is not yet sent and its caller is absent. Then no transfer may go on
 * until the caller has come, or its request has ended. */
bool ngrok_engine_has_absent(const ngrok_engine *engine, double now);

/* The first in flight whose caller has left for certain, to be cancelled, or NULL. */
ngrok_request *ngrok_engine_left(const ngrok_engine *engine, double now);

/* Lets a request in flight wait again if its caller is absent; nothing of it may have been sent. It
 * begins again when its caller comes. False if it is not in flight, or its caller is not absent. */
bool ngrok_engine_put_back(ngrok_engine *engine, ngrok_request *request, double now);

/* Requests that were submitted, not yet collected, and have never been attended. */
size_t ngrok_engine_unattended(const ngrok_engine *engine);

/* For the engine: whether it may begin at this moment, as far as its caller is concerned. */
bool ngrok_attendance_may_begin(const ngrok_request *request);

/* The first whose caller does not count as gone, or NULL. */
ngrok_request *ngrok_attendance_first(const ngrok_queue *waiting);

/* How many could begin one after the other at this moment; `most` at most. */
unsigned ngrok_attendance_count(const ngrok_queue *waiting, unsigned most);

#endif
