// A true bug in a C library: no runtime owns these faults, and the process must die of them.
#include <signal.h>
#include <stdlib.h>

void crash_segv(void) { *(volatile int *)8 = 1; }
void crash_fpe(void) { volatile int zero = 0, result = 7 / zero; (void)result; }
void crash_ill(void) { __builtin_trap(); }
void crash_abort(void) { abort(); }
