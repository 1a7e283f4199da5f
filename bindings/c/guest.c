// A library that remembers something per thread, as many do.
static __thread long calls;

long guest_calls(void) { return ++calls; }
