/* Goes last in LD_PRELOAD, after the sanitizers' own libraries: they are for this process alone,
 * not for the shells and tools that its specs start. */
#include <stdlib.h>

__attribute__((constructor)) static void keep_to_this_process(void) {
    (void)unsetenv("LD_PRELOAD");
}
