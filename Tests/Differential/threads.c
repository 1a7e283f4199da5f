#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "differential.h"

_Thread_local struct thread *self;
struct thread threads[MOST_THREADS];
int thread_count, most_threads;

enum command { NONE, STEP, ARRIVE, END };

static int changes;  // (futex) grows with every change that somebody may wait for

static void set(int *word, int value) {
  __atomic_store_n(word, value, __ATOMIC_SEQ_CST);
  __atomic_fetch_add(&changes, 1, __ATOMIC_SEQ_CST);
  syscall(SYS_futex, &changes, FUTEX_WAKE, MOST_THREADS, NULL, NULL, 0);
}
// Whoever waits for another still answers that it has been here.
static void wait_while(int *word, int value) {
  for (;;) {
    int seen = __atomic_load_n(&changes, __ATOMIC_SEQ_CST);
    if (word != &self->command && self->command == ARRIVE) set(&self->command, NONE);
    if (__atomic_load_n(word, __ATOMIC_SEQ_CST) != value) return;
    syscall(SYS_futex, &changes, FUTEX_WAIT, seen, NULL, NULL, 0);
  }
}

static void step(void) {
  static void (*const steps[])(void) = {step_action, step_action, step_mask, step_mask, step_send,
                                        step_send,   step_send,   step_wait, step_stack,
                                        step_fault};
  if (one_in(40)) return step_child();
  if (one_in(40)) return step_timer();
  if (one_in(80)) return step_interrupt();
  steps[chance(sizeof steps / sizeof *steps)]();
}

// A command is done once, also when a handler leaves it by siglongjmp.
static void run(int command) {
  if (sigsetjmp(self->home, 1) != 0) {
    trace("is back");
    self->may_jump = 0;
    return;
  }
  self->may_jump = command == STEP;
  if (command == STEP) step();
  self->may_jump = 0;
}

static void *thread_body(void *argument) {
  self = argument;
  self->tid = (int)gettid();
  self->altstack = malloc(ALTSTACK);
  sigset_t mask;
  pthread_sigmask(SIG_BLOCK, NULL, &mask);
  trace("begins, mask %lx", word_of(&mask));
  set(&self->alive, 1);
  for (;;) {
    wait_while(&self->command, NONE);
    int command = self->command;
    if (command == END) break;
    run(command);
    set(&self->command, NONE);
  }
  return argument;
}

static void begin_thread(void) {
  struct thread *thread = &threads[thread_count];
  thread->index = thread_count;
  if (pthread_create(&thread->id, NULL, thread_body, thread) != 0) abort();
  wait_while(&thread->alive, 0);
  thread_count++;
}

static void tell(struct thread *thread, int command) {
  set(&thread->command, command);
  wait_while(&thread->command, command);
}

// A thread that answers has been back in its own code, where what was on its way is delivered.
void settle(void) {
  for (int i = 0; i < thread_count; i++)
    if (&threads[i] != self) tell(&threads[i], ARRIVE);
  syscall(SYS_getpid);
}

struct thread *random_thread(void) { return &threads[chance((uint32_t)thread_count)]; }

void take_turns(int steps) {
  self = &threads[0];
  *self = (struct thread){.id = pthread_self(), .tid = (int)gettid(), .alive = 1};
  self->altstack = malloc(ALTSTACK);
  thread_count = 1, most_threads = one_in(3) ? 1 : MOST_THREADS;
  while (steps-- > 0) {
    if (thread_count < most_threads && one_in(12)) begin_thread();
    struct thread *next = random_thread();
    if (next == self)
      run(STEP);
    else
      tell(next, STEP);
    settle();
  }
  for (int i = 1; i < thread_count; i++) {
    set(&threads[i].command, END);
    pthread_join(threads[i].id, NULL);
  }
}
