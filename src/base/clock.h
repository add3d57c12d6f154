#ifndef NGROK_CLOCK_H
#define NGROK_CLOCK_H

/* Time, in seconds from a fixed point of this machine's, that nobody sets back. */
double ngrok_clock_now(void);

/* Seconds of the processor that this thread has used. */
double ngrok_clock_processor(void);

#endif
