/* Time, in seconds from a fixed point of this machine's, that nobody sets back. */
#ifndef NGROK_CLOCK_H
#define NGROK_CLOCK_H

double ngrok_clock_now(void);

#endif
