/* What is left in memory that was given back: out of a program's reach, but not of the kernel's. */
#ifndef NGROK_FREED_H
#define NGROK_FREED_H

#ifdef __linux__

#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

/* Into the first bytes of what is freed, allocators write notes of their own (glibc 16, gcc's
 * AddressSanitizer 8), and any byte may be among these. */
enum { freed_notes = 16 };

/* How many of the bytes there are `byte`, or -1 when they could not be read. */
static inline int freed_bytes_at(uintptr_t address, size_t length, char byte) {
    char found[4096];
    int left = 0;
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    ssize_t got =
        memory >= 0 && length <= sizeof found ? pread(memory, found, length, (off_t)address) : -1;
    for (ssize_t i = 0; i < got; i++) {
        left += found[i] == byte ? 1 : 0;
    }
    (void)close(memory);
    return got == (ssize_t)length ? left : -1;
}

#endif
#endif
