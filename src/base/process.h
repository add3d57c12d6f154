/* The process that this runs in. */
#ifndef NGROK_PROCESS_H
#define NGROK_PROCESS_H

/* Its id, another one after a fork. It costs no system call but the first time in each process. */
int ngrok_process(void);

#endif
