// As crash.c, for the signal of its name.
// through: tracer
// run: abort
// run: abort reset
// ends: SIGABRT
#include "same/crash.c"
