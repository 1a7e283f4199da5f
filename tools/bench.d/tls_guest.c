// A guest with thread-local state, of general-dynamic code. Built as often as party.c is.
static __thread long state[8] = {1};
long *guest_state(void) { return state; }
