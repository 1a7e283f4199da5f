// As crash.c, for the signal of its name.
// through: tracer
// run: breakpoint
// ends: SIGTRAP
#include "same/crash.c"
