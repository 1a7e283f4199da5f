// looked GUEST: two contexts entered by hand, one by a thread that sleeps in it and one by nobody,
// and a fiber on which the main thread sleeps. Prints their records, and waits to be looked at.
#include <coexist.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>
#include <unistd.h>

static void (*guest_set)(long);
static coexist_context_t held, left;
static pthread_barrier_t inside;
static ucontext_t home, fiber;

static void *hold(void *unused) {
  (void)unused;
  coexist_enter(held);
  guest_set(1);
  printf("tid %d\n", gettid());
  pthread_barrier_wait(&inside);
  for (;;) pause();
}

static void sleeps(void) {
  guest_set(2);
  printf("held %p\nleft %p\nready\n", (void *)held, (void *)left);
  fflush(stdout);
  for (;;) pause();
}

int main(int count, char **words) {
  void *guest = count == 2 ? dlopen(words[1], RTLD_NOW) : NULL;
  if (guest == NULL) return 2;
  guest_set = (void (*)(long))dlsym(guest, "guest_set");
  held = coexist_create(), left = coexist_create();
  pthread_t thread;
  pthread_barrier_init(&inside, NULL, 2);
  pthread_create(&thread, NULL, hold, NULL);
  pthread_barrier_wait(&inside);
  enum { SIZE = 65536 };
  getcontext(&fiber);
  fiber.uc_stack.ss_sp = malloc(SIZE), fiber.uc_stack.ss_size = SIZE;
  makecontext(&fiber, sleeps, 0);
  swapcontext(&home, &fiber);
}
