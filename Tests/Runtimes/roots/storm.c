// storm: threads and fibers that are born and die while Boehm's collector collects. Each holds
// objects on its stack only, and checks them byte by byte. The collector's threads are never told.
#define _GNU_SOURCE
#define GC_NO_THREAD_REDIRECTS
#define GC_THREADS
#include <gc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum {
  MOTHERS = 4, CHILDREN = 300, COLLECTIONS_LEAST = 200,
  COUNT = 32, SIZE = 64, CHURN = 400, STACK = 128 * 1024
};

static atomic_int broken, born, mothers, collections;

static unsigned char *make(int number) {
  unsigned char *object = GC_MALLOC(SIZE);
  memset(object, number, SIZE);
  return object;
}
static void check(unsigned char *const *objects, int first) {
  for (int i = 0; i < COUNT; i++)
    for (int at = 0; at < SIZE; at++)
      if (objects[i][at] != (unsigned char)(first + i)) {
        broken++;
        break;
      }
}
__attribute__((noinline)) static void hold(int first, void (*meanwhile)(void *), void *argument) {
  unsigned char *objects[COUNT];
  for (int i = 0; i < COUNT; i++) objects[i] = make(first + i);
  for (int i = 0; i < CHURN; i++) make(i);
  if (meanwhile != NULL) meanwhile(argument);
  for (int i = 0; i < CHURN; i++) make(i);
  check(objects, first);
}

struct pair {
  ucontext_t home, fiber;
  int first;
};
static void leave(void *argument) {
  struct pair *pair = argument;
  swapcontext(&pair->fiber, &pair->home);
}
static void on_fiber(unsigned low, unsigned high) {
  struct pair *pair = (struct pair *)((uintptr_t)low | (uintptr_t)high << 32);
  hold(pair->first, leave, pair);
}
static void *child(void *word) {
  int first = (int)(intptr_t)word;
  struct pair pair = {.first = first + 1};
  char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  getcontext(&pair.fiber);
  pair.fiber.uc_stack.ss_sp = stack;
  pair.fiber.uc_stack.ss_size = STACK;
  pair.fiber.uc_link = &pair.home;
  makecontext(&pair.fiber, (void (*)(void))on_fiber, 2, (unsigned)(uintptr_t)&pair,
              (unsigned)((uintptr_t)&pair >> 32));
  swapcontext(&pair.home, &pair.fiber);  // it holds its objects, suspended
  hold(first, NULL, NULL);
  swapcontext(&pair.home, &pair.fiber);  // it checks them, and ends
  munmap(stack, STACK);
  born++;
  return NULL;
}
static void *mother(void *word) {
  for (int i = 0; i < CHILDREN; i++) {
    pthread_t ids[2];
    for (int n = 0; n < 2; n++)
      pthread_create(&ids[n], NULL, child, (void *)(intptr_t)(i * 2 + n + (int)(intptr_t)word));
    for (int n = 0; n < 2; n++) pthread_join(ids[n], NULL);
  }
  mothers--;
  return NULL;
}

int main(void) {
  GC_INIT();
  mothers = MOTHERS;
  pthread_t ids[MOTHERS];
  for (int i = 0; i < MOTHERS; i++)
    pthread_create(&ids[i], NULL, mother, (void *)(intptr_t)(i * 7));
  while (mothers > 0 || collections < COLLECTIONS_LEAST) {
    GC_gcollect();
    collections++;
    usleep(500);  // the others want the lock, too
  }
  for (int i = 0; i < MOTHERS; i++) pthread_join(ids[i], NULL);
  int good = broken == 0 && born == MOTHERS * CHILDREN * 2;
  printf("%d threads and as many fibers, %d collections, %d objects broken\n", born, collections,
         broken);
  printf("RESULT %s at storm\n", good ? "True" : "False");
  return !good;
}
