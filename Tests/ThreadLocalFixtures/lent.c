// lent GUEST WORD [LIBRARY]: contexts over a library of initial-exec code, called with FS registers
// of their own; from threads, and on fibers that are suspended inside the guest. LIBRARY: whose
// state it is, if not GUEST's. Exit status: 0 all is as it was left, 1 not so.
#include <coexist.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

enum { CONTEXTS = 12, THREADS = 3, ROUNDS = 30, FIBERS = 24, VISITS = 8, STACK = 65536 };
enum { CALL_STACK = 8 << 20 };  // memory once it is used
#include "caller.h"

static int (*guest_over)(long, void (*)(void));
static coexist_context_t contexts[CONTEXTS + FIBERS];
static pthread_barrier_t together;
static __thread long mine;  // of this program: never a context's

// ---- From threads ----

static void *inside(void *context) {
  void *unused;
  expect(coexist_current() == context, "current");
  expect(coexist_call(context, CALL_STACK, check, NULL, &unused) == EBUSY, "a call in a call");
  expect(call(contexts[1], check, 2) != NULL, "a call of another context in a call");
  expect(guest_check(1), "after it");
  return NULL;
}
static void *work(void *argument) {
  int me = (int)(long)argument;
  guest_set(1000 + me);
  mine = me;
  for (int round = 0; round < ROUNDS; round++) {
    for (int c = 0; c < CONTEXTS; c++)
      if ((c + round) % THREADS == me)
        expect(call(contexts[c], check, c + 1) != NULL, "a context lost its state");
    expect(guest_check(1000 + me) && mine == me, "the thread lost its state");
    pthread_barrier_wait(&together);
  }
  return NULL;
}
static void threads(void) {
  pthread_barrier_init(&together, NULL, THREADS);
  pthread_t ids[THREADS];
  for (long t = 0; t < THREADS; t++) pthread_create(&ids[t], NULL, work, (void *)t);
  for (int t = 0; t < THREADS; t++) pthread_join(ids[t], NULL);
  if (coexist_present()) call(contexts[0], inside, (long)contexts[0]);
}

// ---- On fibers: suspended inside the guest, resumed by another thread ----

static struct fiber {
  ucontext_t here, back;
  long number;
  int over, right;
} fibers[FIBERS];
static __thread struct fiber *of_guest;  // in the call: the context's, set when it begins
static void yield(void) {
  struct fiber *fiber = of_guest;
  swapcontext(&fiber->here, &fiber->back);
}
static void *visit(void *argument) {
  struct fiber *fiber = argument;
  of_guest = fiber;
  int right = 1;
  for (int i = 0; i < VISITS; i++) right &= guest_over(fiber->number * 100 + i, yield);
  return (void *)(long)right;
}
static void fiber_body(unsigned high, unsigned low) {
  struct fiber *fiber = (struct fiber *)((unsigned long)high << 32 | low);
  void *value = call(contexts[CONTEXTS + fiber - fibers], visit, (long)fiber);
  fiber->right = value != NULL;
  fiber->over = 1;
  setcontext(&fiber->back);
}
static void *carry(void *argument) {
  int me = (int)(long)argument;
  mine = 77 + me;
  guest_set(500 + me);
  for (int round = 0; round <= VISITS; round++) {
    for (int f = 0; f < FIBERS; f++)
      if ((f + round) % THREADS == me && !fibers[f].over)
        swapcontext(&fibers[f].back, &fibers[f].here);
    expect(mine == 77 + me && guest_check(500 + me), "the thread lost its state to a fiber");
    pthread_barrier_wait(&together);
  }
  return NULL;
}
static void on_fibers(void) {
  for (int f = 0; f < FIBERS; f++) {
    struct fiber *fiber = &fibers[f];
    fiber->number = f + 1;
    getcontext(&fiber->here);
    fiber->here.uc_stack.ss_sp = malloc(STACK);
    fiber->here.uc_stack.ss_size = STACK;
    fiber->here.uc_link = NULL;
    unsigned long self = (unsigned long)fiber;
    makecontext(&fiber->here, (void (*)(void))fiber_body, 2, (unsigned)(self >> 32),
                (unsigned)self);
  }
  pthread_t ids[THREADS];
  for (long t = 0; t < THREADS; t++) pthread_create(&ids[t], NULL, carry, (void *)t);
  for (int t = 0; t < THREADS; t++) pthread_join(ids[t], NULL);
  for (int f = 0; f < FIBERS; f++)
    expect(fibers[f].over && fibers[f].right, "a fiber lost its state");
}

int main(int count, char **words) {
  if (count < 3) return 2;
  setvbuf(stdout, NULL, _IONBF, 0);
  const char *library = count > 3 ? words[3] : strrchr(words[1], '/') + 1;
  if (coexist_policy(library, COEXIST_MODULE_REGISTER) != 0) return 3;
  void *guest = dlopen(words[1], RTLD_NOW);
  if (guest == NULL) return puts(dlerror()), 2;
  guest_set = (void (*)(long))dlsym(guest, "guest_set");
  guest_check = (int (*)(long))dlsym(guest, "guest_check");
  guest_over = (int (*)(long, void (*)(void)))dlsym(guest, "guest_over");
  for (int c = 0; c < CONTEXTS + FIBERS; c++)
    contexts[c] = coexist_create(), call(contexts[c], set, c + 1);
  threads();
  // With lost state a fiber would not find its way back.
  if (failures == 0 && strcmp(words[2], "fibers") == 0) on_fibers();
  for (int c = 0; c < CONTEXTS + FIBERS; c++)
    expect(coexist_destroy(contexts[c]) == 0, "destroy");
  printf("%d failures\n", failures);
  return failures != 0;
}
