// Runs N fibers on T threads, each visited several times, by one way of switching. A fiber sets the
// guest's state at its first visit and checks it at each later one.
#pragma once
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <coexist.h>

#ifndef STACK_SIZE
#define STACK_SIZE 65536
#endif
enum { STACK = STACK_SIZE, VISITS = 6 };
struct fiber {
  long number;
  int wrong, done;
  void *resume, *thread;  // switcher's own
  void *stack;
};
static struct fiber *fibers;
static int count, threads, wrong_total;
static void (*guest_set)(long);
static int (*guest_check)(long);
static int (*guest_over)(long, void (*)(void));

static void fiber_yield(void);
static void fiber_resume(struct fiber *fiber);
static void fiber_make(struct fiber *fiber);

static struct fiber *volatile current_of_thread[64];
static __thread int thread_number;
__attribute__((noinline)) static int here(void) {
  __asm__ volatile("");
  return thread_number;
}
static void fiber_body(struct fiber *fiber) {
  guest_set(fiber->number);
  for (int visit = 1; visit < VISITS - 1; visit++) {
    fiber_yield();
    if (!guest_check(fiber->number)) fiber->wrong++;
  }
  if (guest_over && !guest_over(fiber->number, fiber_yield)) fiber->wrong++;
  fiber->done = 1;
}

static pthread_barrier_t round_over;
// Visit v of fiber f happens on thread (f + v) % T: it migrates at each visit.
static void *worker(void *argument) {
  thread_number = (int)(long)argument;
  for (int visit = 0; visit < VISITS; visit++) {
    for (int f = 0; f < count; f++)
      if ((f + visit) % threads == thread_number && !fibers[f].done) {
        current_of_thread[here()] = &fibers[f];
        fiber_resume(&fibers[f]);
      }
    pthread_barrier_wait(&round_over);
  }
  return NULL;
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  void *guest = dlopen(argv[1], RTLD_NOW);
  if (guest == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return 2;
  }
  guest_set = (void (*)(long))dlsym(guest, "guest_set");
  guest_check = (int (*)(long))dlsym(guest, "guest_check");
  if (argc > 4) guest_over = (int (*)(long, void (*)(void)))dlsym(guest, "guest_over");
  count = atoi(argv[2]), threads = atoi(argv[3]);
  fibers = (struct fiber *)calloc((size_t)count, sizeof *fibers);
  if (getenv("POLICY") != NULL) {
    const char *name = strrchr(argv[1], '/');
    coexist_policy(name != NULL ? name + 1 : argv[1], atoi(getenv("POLICY")));
  }
  guest_set(123456);
  for (int f = 0; f < count; f++) fibers[f].number = f, fiber_make(&fibers[f]);
  pthread_barrier_init(&round_over, NULL, (unsigned)threads);
  pthread_t ids[64];
  for (long t = 1; t < threads; t++) pthread_create(&ids[t], NULL, worker, (void *)t);
  worker(0);
  for (int t = 1; t < threads; t++) pthread_join(ids[t], NULL);
  int unfinished = 0;
  for (int f = 0; f < count; f++) wrong_total += fibers[f].wrong, unfinished += !fibers[f].done;
  if (!guest_check(123456)) wrong_total++, printf("main lost its own\n");
  printf("%d wrong, %d unfinished\n", wrong_total, unfinished);
  return wrong_total != 0 || unfinished != 0;
}
