// descriptors GUEST: tasks that several threads work on in turn, each in a context of its own, over
// a guest whose code reads variables through TLS descriptors. Exit status: 0 each task found its
// own state, and each descriptor's function changed rax alone; 1 not so.
#include <coexist.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

enum { TASKS = 16, THREADS = 4, ROUNDS = 50 };
static void (*guest_set)(long);
static int (*guest_check)(long);
static long (*guest_calls)(void);
static coexist_context_t tasks[TASKS];
static pthread_barrier_t next_round;
static int wrong;

static void work(int task, int round) {
  coexist_enter(tasks[task]);
  if (round == 0) guest_set(task);
  else if (!guest_check(task) || guest_calls() != round) __atomic_fetch_add(&wrong, 1, 0);
  coexist_leave(tasks[task]);
}
static void *worker(void *argument) {
  int me = (int)(intptr_t)argument;
  guest_set(1000 + me);
  for (int round = 0; round < ROUNDS; round++) {
    for (int task = 0; task < TASKS; task++)
      if ((task + round) % THREADS == me) work(task, round);
    pthread_barrier_wait(&next_round);
  }
  if (!guest_check(1000 + me)) __atomic_fetch_add(&wrong, 1, 0);  // its own, never a task's
  return NULL;
}

// Which registers are as before when the guest has read a variable, one bit each. A descriptor's
// function changes rax alone; what the guest's own code changes, it changes each time.
static unsigned kept(void) {
  register uint64_t r8 __asm__("r8") = 8, r9 __asm__("r9") = 9;
  register uint64_t r10 __asm__("r10") = 10, r11 __asm__("r11") = 11;
  uint64_t rcx = 1, rdx = 2, rsi = 3, rdi = 4;
  long (*function)(void) = guest_calls;
  __asm__ volatile("call *%%rax"
                   : "+a"(function), "+c"(rcx), "+d"(rdx), "+S"(rsi), "+D"(rdi), "+r"(r8), "+r"(r9),
                     "+r"(r10), "+r"(r11)
                   :
                   : "memory", "cc");
  return (rcx == 1) | (rdx == 2) << 1 | (rsi == 3) << 2 | (rdi == 4) << 3 | (r8 == 8) << 4 |
         (r9 == 9) << 5 | (r10 == 10) << 6 | (r11 == 11) << 7;
}

int main(int argc, char **argv) {
  void *guest = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
  if (guest == NULL) return 2;
  guest_set = (void (*)(long))dlsym(guest, "guest_set");
  guest_check = (int (*)(long))dlsym(guest, "guest_check");
  guest_calls = (long (*)(void))dlsym(guest, "guest_calls");
  guest_set(1);
  unsigned before = kept();
  for (int i = 0; i < TASKS; i++) tasks[i] = coexist_create();
  unsigned outside = kept();
  coexist_enter(tasks[0]);
  unsigned inside = kept();
  coexist_leave(tasks[0]);
  if (outside != before || inside != before) {
    printf("registers kept: %x, then %x, in a context %x\n", before, outside, inside);
    wrong++;
  }
  pthread_barrier_init(&next_round, NULL, THREADS);
  pthread_t threads[THREADS];
  for (int t = 0; t < THREADS; t++)
    pthread_create(&threads[t], NULL, worker, (void *)(intptr_t)t);
  for (int t = 0; t < THREADS; t++) pthread_join(threads[t], NULL);
  printf("%d wrong\n", wrong);
  return wrong != 0;
}
