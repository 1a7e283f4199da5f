// A guest: keeps its state in thread-local variables, one with an address of its own in it.
struct state {
  long value, calls;
  struct state *self;
};
static __thread struct state state = {.value = -1};
#ifndef PADDING
#define PADDING 4096
#endif
#ifndef ALIGNMENT
#define ALIGNMENT 64
#endif
static __thread char padding[PADDING] __attribute__((aligned(ALIGNMENT)));

void guest_set(long value) {
  state.value = value;
  state.calls = 0;
  state.self = &state;
  padding[PADDING - 1] = (char)value;
}
// 1 = all is as this task left it.
int guest_check(long value) {
  state.calls++;
  return state.value == value && state.self == &state && padding[PADDING - 1] == (char)value;
}
long guest_value(void) { return state.value; }
long guest_calls(void) { return state.calls; }
void *guest_address(void) { return &state; }

// Holds &state in a register over the yield, as compilers do.
int guest_over(long value, void (*yield)(void)) {
  struct state *mine = &state;
  mine->value = value;
  mine->self = mine;
  yield();
  mine->value++;
  return state.value == value + 1 && state.self == mine;
}
