// As crash.c, for the signal of its name.
// through: tracer
// run: illegal
// run: illegal reset
// ends: SIGILL
#include "same/crash.c"
