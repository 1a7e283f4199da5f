// sigaction(2), sigaltstack(2), pthread_sigmask(3): set, query, and set while two parties share it.
#include "parties.h"

static struct sigaction act, old;
static stack_t stack = {.ss_size = 1 << 16}, old_stack;

static void nothing(int signal) { (void)signal; }
static void set(void) { sigaction(SIGSEGV, &act, NULL); }
static void query(void) { sigaction(SIGSEGV, NULL, &old); }
static void set_other(void) { sigaction(SIGUSR1, &act, NULL); }
static void stack_set(void) { sigaltstack(&stack, NULL); }
static sigset_t mask, old_mask;
static void mask_set(void) { pthread_sigmask(SIG_SETMASK, &mask, NULL); }
static void mask_query(void) { pthread_sigmask(SIG_SETMASK, NULL, &old_mask); }
static void stack_query(void) { sigaltstack(NULL, &old_stack); }

int main(int argc, char **argv) {
  const char *what = bench_word(argc, argv, 0);
  act.sa_handler = nothing;
  stack.ss_sp = malloc(stack.ss_size);
  if (strcmp(what, "set-shared") == 0) party_open(1).install(0, 0, 0);
  sigfillset(&mask);
  if (strcmp(what, "mask-set") == 0) return bench_run(argv, mask_set);
  if (strcmp(what, "mask-query") == 0) return bench_run(argv, mask_query);
  if (strcmp(what, "query") == 0) return bench_run(argv, query);
  if (strcmp(what, "set-other") == 0) return bench_run(argv, set_other);
  if (strcmp(what, "stack-set") == 0) return bench_run(argv, stack_set);
  if (strcmp(what, "stack-query") == 0) return bench_run(argv, stack_query);
  return bench_run(argv, set);
}
