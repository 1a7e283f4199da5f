// What the programs over an embedded collector share: objects whose only pointers lie on a foreign
// thread's stack or on a fiber while it collects. Each names first how it makes an object
// (Object, make, is_whole) and collects (COUNT, collect).
#pragma once

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

typedef uintptr_t Object;  // each collector's pointer
static Object make(int number);
static int is_whole(Object object, int number);
static void collect_once(void);

enum { COUNT = 64, FIBER_STACK = 1024 * 1024 };

// Pointers on their way to where they are held, as no collector recognises them.
static uintptr_t hidden[COUNT];
__attribute__((noinline)) static void hide(void) {
  for (int i = 0; i < COUNT; i++) hidden[i] = ~(uintptr_t)make(i);
}
__attribute__((noinline, unused)) static int wrong(void) {
  int bad = 0;
  for (int i = 0; i < COUNT; i++) bad += !is_whole((Object)~hidden[i], i);
  return bad;
}
// Overwrites what earlier calls left on the stack, so that nothing is held by chance.
__attribute__((noinline)) static void wipe(void) {
  volatile char dirt[32 * 1024];
  for (size_t i = 0; i < sizeof dirt; i++) dirt[i] = 0;
}
__attribute__((noinline)) static void collect(void) {
  enum { ROUNDS = 3, CHURN = 5000 };
  for (int i = 0; i < ROUNDS; i++) {
    wipe();
    collect_once();
    for (int n = 0; n < CHURN; n++) make(n % 100 + 100);
  }
}

// ---- A thread that the runtime is told nothing of ----

static sem_t started, given, filled, collected;
static void wait_for(sem_t *what) {
  while (sem_wait(what) != 0) {}
}
static atomic_int running;
static void keep_out(void) {  // every signal, past libc
  uint64_t all = ~0ull;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
}
__attribute__((noinline)) static void keep(int runs) {
  volatile uintptr_t places[COUNT];
  sem_post(&started);  // whatever attaches it has done so
  wait_for(&given);
  for (int i = 0; i < COUNT; i++) places[i] = ~hidden[i];
  memset(hidden, 0, sizeof hidden);
  sem_post(&filled);
  if (!runs) wait_for(&collected);
  else
    while (sem_trywait(&collected) != 0) running++;
  for (int i = 0; i < COUNT; i++) hidden[i] = ~places[i];
}
static void *hold(void *unused) { return keep(0), unused; }
static void *hold_busy(void *unused) { return keep(1), unused; }
static void *hold_masked(void *unused) { return keep_out(), keep(0), unused; }
static void *hold_masked_busy(void *unused) { return keep_out(), keep(1), unused; }

static int on_thread(void *(*function)(void *)) {
  pthread_t id;
  sem_init(&started, 0, 0), sem_init(&given, 0, 0);
  sem_init(&filled, 0, 0), sem_init(&collected, 0, 0);
  pthread_create(&id, NULL, function, NULL);
  wait_for(&started);
  hide();
  sem_post(&given);
  wait_for(&filled);
  collect();
  sem_post(&collected);
  pthread_join(id, NULL);
  return wrong();
}

// ---- A suspended fiber, and a collection that is started on one ----

static ucontext_t home, fiber;
static void keep_suspended(void) {
  volatile uintptr_t places[COUNT];
  for (int i = 0; i < COUNT; i++) places[i] = ~hidden[i];
  memset(hidden, 0, sizeof hidden);
  swapcontext(&fiber, &home);
  for (int i = 0; i < COUNT; i++) hidden[i] = ~places[i];
}
static void begin_fiber(void (*function)(void)) {
  getcontext(&fiber);
  fiber.uc_stack.ss_sp =
      mmap(NULL, FIBER_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  fiber.uc_stack.ss_size = FIBER_STACK;
  fiber.uc_link = &home;
  makecontext(&fiber, function, 0);
  swapcontext(&home, &fiber);
}
__attribute__((unused)) static int fiber_suspended(void) {
  hide();
  begin_fiber(keep_suspended);
  collect();
  swapcontext(&home, &fiber);
  return wrong();
}

static int end(const char *place, int bad) {
  printf("RESULT %s at %s\n", bad ? "False" : "True", place);
  fflush(stdout);
  return bad != 0;
}
// The places that every one of them has; 9 = none of them.
static int on_threads(const char *place) {
  return strcmp(place, "stack") == 0         ? on_thread(hold)
         : strcmp(place, "masked") == 0      ? on_thread(hold_masked)
         : strcmp(place, "busy") == 0        ? on_thread(hold_busy)
         : strcmp(place, "masked_busy") == 0 ? on_thread(hold_masked_busy)
                                             : 9;
}
