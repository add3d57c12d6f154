/* Whether the callers of requests are still there, and whose turn it is among those that wait.
 *
 * Some hosts end a caller without a trace: nginx's light threads just never go on. Nothing may be
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

/* The caller of a request that is not collected is here until it leaves. From now on the request
 * begins only while its caller is here. False where it cannot begin now: then the caller need not
 * stay. */
bool ngrok_engine_attend(ngrok_engine *engine, ngrok_request *request, double now);
void ngrok_attendance_leave(ngrok_request *request);

/* The request that could begin if its caller were here, to be called now, or NULL. */
ngrok_request *ngrok_engine_call_next(ngrok_engine *engine, double now);

/* The host has turned once since this was called last, so that each caller that is alive has come.
 */
void ngrok_engine_note_turn(ngrok_engine *engine, double now);

/* Whether a caller is absent for whom something is yet to be sent. Then nothing of what is in
 * flight may be carried on before the caller has come, or its request has ended. */
bool ngrok_engine_has_absent(const ngrok_engine *engine, double now);

/* The first in flight whose caller has left for certain, to be cancelled, or NULL. */
ngrok_request *ngrok_engine_left(const ngrok_engine *engine, double now);

/* Takes back a request in flight whose caller is absent, and of which nothing was sent. It begins
 * again, if its caller comes. False where that is not so. */
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
