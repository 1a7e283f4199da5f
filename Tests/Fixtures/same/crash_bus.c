// As crash.c, for the signal of its name.
// through: tracer
// run: bus
// run: bus reset
// ends: SIGBUS
#include "same/crash.c"
