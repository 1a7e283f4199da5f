// torture GUEST FILLER MILLISECONDS: on four threads at once, under signals, contexts are made,
// carried to other threads and destroyed, fibers run, and libraries with thread-local state come
// and go. A block that is read after its end holds another context's values.
// Exit status: 0 everybody found what it had left.
#include <coexist.h>
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum { THREADS = 4, SHARED = 32, FIBERS = 8, STACK = 65536 };
static void (*set_state)(long);
static int (*check_state)(long);
static long (*guest_value)(void);
// The loader may free and allocate in an access, and is not made to be interrupted by another one:
// handlers look at the guest's state only where the thread does so itself, for a while.
static __thread volatile int calm;
static void guest_set(long value) {
  set_state(value);
  calm = 1;
  for (volatile int i = 0; i < 300; i++) continue;
  calm = 0;
}
static int guest_check(long value) {
  int is_right = check_state(value);
  calm = 1;
  for (volatile int i = 0; i < 300; i++) continue;
  calm = 0;
  return is_right && check_state(value);
}
static atomic_int failures, stop;
static atomic_long done[4], signals;
static char filler_text[4096];
static const char *filler;

static void expect(int is_right, const char *what) {
  if (!is_right && failures++ < 10) fprintf(stderr, "%s\n", what);
}

static atomic_long numbers = 1;
static struct shared {
  coexist_context_t context;
  long value;
} *_Atomic shared[SHARED];

// A context that any thread may have used last.
static void carried(unsigned *seed) {
  struct shared *_Atomic *slot = &shared[rand_r(seed) % SHARED];
  struct shared *mine = atomic_exchange(slot, NULL);
  if (mine == NULL) {
    mine = calloc(1, sizeof *mine);
    mine->context = coexist_create();
  }
  expect(coexist_enter(mine->context) == 0, "enter");
  if (mine->value != 0) expect(guest_check(mine->value), "a carried context lost its state");
  mine->value = numbers++;
  guest_set(mine->value);
  expect(coexist_leave(mine->context) == 0, "leave");
  struct shared *other = NULL;
  if (rand_r(seed) % 4 != 0 && atomic_compare_exchange_strong(slot, &other, mine)) return;
  expect(coexist_destroy(mine->context) == 0, "destroy");
  free(mine);
}

static void nested(long own) {
  coexist_context_t outer = coexist_create(), inner = coexist_create();
  long number = numbers++;
  coexist_enter(outer), guest_set(number);
  coexist_enter(inner), guest_set(-number), coexist_leave(inner);
  expect(guest_check(number), "the outer context lost its state");
  coexist_leave(outer);
  expect(coexist_destroy(inner) == 0 && coexist_destroy(outer) == 0, "destroy nested");
  expect(guest_check(own), "the thread lost its state");
}

struct fiber {
  ucontext_t self, back;
  void *stack;
};
static void body(unsigned high, unsigned low) {
  struct fiber *fiber = (struct fiber *)((unsigned long)high << 32 | low);
  long number = numbers++;
  guest_set(number);
  for (int visit = 0; visit < 3; visit++) {
    swapcontext(&fiber->self, &fiber->back);
    expect(guest_check(number), "a fiber lost its state");
  }
}
static void fibers(long own) {
  struct fiber *all = calloc(FIBERS, sizeof *all);
  for (int i = 0; i < FIBERS; i++) {
    struct fiber *fiber = &all[i];
    getcontext(&fiber->self);
    fiber->stack = malloc(STACK);
    fiber->self.uc_stack.ss_sp = fiber->stack, fiber->self.uc_stack.ss_size = STACK;
    fiber->self.uc_link = &fiber->back;
    unsigned long place = (unsigned long)fiber;
    makecontext(&fiber->self, (void (*)(void))body, 2, (unsigned)(place >> 32), (unsigned)place);
  }
  for (int visit = 0; visit < 4; visit++)
    for (int i = 0; i < FIBERS; i++) swapcontext(&all[i].back, &all[i].self);
  for (int i = 0; i < FIBERS; i++) free(all[i].stack);
  free(all);
  expect(guest_check(own), "the thread lost its state to a fiber");
}

static void loads(int thread) {
  char copy[200];
  snprintf(copy, sizeof copy, "%s/filler-%d.so", filler_text, thread);
  void *library = dlopen(copy, RTLD_NOW);
  if (library == NULL) return expect(0, dlerror());
  void (*set)(long) = (void (*)(long))dlsym(library, "guest_set");
  int (*check)(long) = (int (*)(long))dlsym(library, "guest_check");
  set(thread);
  coexist_context_t context = coexist_create();
  coexist_enter(context);
  expect(!check(thread), "a new context has the thread's state");
  set(thread + 100);
  expect(check(thread + 100), "a library that came lost its state");
  coexist_leave(context);
  expect(check(thread), "a library that came lost the thread's state");
  coexist_destroy(context);
  dlclose(library);
}

static void *work(void *argument) {
  int thread = (int)(long)argument;
  long own = -1000 - thread;
  unsigned seed = (unsigned)thread + 1;
  stack_t stack = {.ss_sp = malloc(STACK), .ss_size = STACK};
  if (thread % 2 == 0) sigaltstack(&stack, NULL);
  guest_set(own);
  while (!stop) {
    int what = rand_r(&seed) % 4;
    switch (what) {
      case 0: carried(&seed); break;
      case 1: nested(own); break;
      case 2: fibers(own); break;
      default: loads(thread);
    }
    done[what]++;
  }
  expect(guest_check(own), "the thread lost its state at the end");
  return NULL;
}

// Whatever it interrupts, there is a state: somebody's number, or that of a new block.
static void handler(int signal) {
  (void)signal;
  if (!calm) return;
  long value = guest_value();
  if (value > atomic_load(&numbers) || value < -atomic_load(&numbers) - 2000) failures++;
  signals++;
}

int main(int count, char **words) {
  if (count < 4) return 2;
  void *guest = dlopen(words[1], RTLD_NOW);
  set_state = (void (*)(long))dlsym(guest, "guest_set");
  check_state = (int (*)(long))dlsym(guest, "guest_check");
  guest_value = (long (*)(void))dlsym(guest, "guest_value");
  filler = words[2];
  strcpy(filler_text, "/tmp/coexist-torture-XXXXXX");
  if (mkdtemp(filler_text) == NULL) return 2;
  for (int i = 0; i < THREADS; i++) {
    char command[9000];
    snprintf(command, sizeof command, "LD_PRELOAD= cp %s %s/filler-%d.so", filler, filler_text, i);
    if (system(command) != 0) return 2;
  }
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK | SA_RESTART};
  sigaction(SIGUSR1, &action, NULL);
  pthread_t ids[THREADS];
  for (long t = 0; t < THREADS; t++) pthread_create(&ids[t], NULL, work, (void *)t);
  struct timespec begin, now;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  do {
    usleep(100);
    pthread_kill(ids[rand() % THREADS], SIGUSR1);
    clock_gettime(CLOCK_MONOTONIC, &now);
  } while ((now.tv_sec - begin.tv_sec) * 1000 + (now.tv_nsec - begin.tv_nsec) / 1000000 <
           atol(words[3]));
  stop = 1;
  for (int t = 0; t < THREADS; t++) pthread_join(ids[t], NULL);
  char command[5000];
  snprintf(command, sizeof command, "LD_PRELOAD= rm -r %s", filler_text);
  if (system(command) != 0) return 2;
  printf("%d failures; %ld carried, %ld nested, %ld rounds of fibers, %ld loads, %ld signals\n",
         failures, done[0], done[1], done[2], done[3], signals);
  return failures != 0;
}
