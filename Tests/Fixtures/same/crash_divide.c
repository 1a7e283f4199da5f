// As crash.c, for the signal of its name.
// through: tracer
// run: divide
// run: divide reset
// ends: SIGFPE
#include "same/crash.c"
