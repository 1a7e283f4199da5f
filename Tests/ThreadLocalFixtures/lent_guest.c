// A guest of initial-exec code, with a handler that reads its thread-local state.
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>

static __thread struct state {
  long number, handled, lost;
  struct state *self;
} state;

void guest_set(long number) { state = (struct state){.number = number, .self = &state}; }
int guest_check(long number) { return state.number == number && state.self == &state; }
long guest_handled(void) { return state.handled; }

// As a collector stops a thread: it must be the one that was meant.
long guest_expected;
sem_t guest_answered;
static void handler(int signal) {
  (void)signal;
  if (state.number != guest_expected || state.self != &state) state.lost++;
  state.handled++;
  sem_post(&guest_answered);
}
void guest_install(int signal) {
  sem_init(&guest_answered, 0, 0);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigaction(signal, &action, 0);
}
long guest_lost(void) { return state.lost; }
