#ifndef NGROK_CLOCK_H
#define NGROK_CLOCK_H

/* Time in seconds from a fixed point; it is the same in all processes of a machine, and never set.
 */
double ngrok_clock_now(void);

/* Seconds of the processor that this thread has used. */
double ngrok_clock_processor(void);

/* Sleeps that long, but at most an hour, or until a signal comes: the host may want to stop. */
void ngrok_clock_sleep(double seconds);

#endif
