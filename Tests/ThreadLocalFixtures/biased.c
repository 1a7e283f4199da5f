// biased GUEST ROUNDS: one thread enters contexts again and again, inline and without an atomic
// operation, while others come for them for the first time, on threads and in a signal handler:
// never are two inside, and what the guest counted there is what they did. Exit status: 0 so it
// was, 1 not so, 3 no coexist.
#include <coexist.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

enum { OTHERS = 2, CONTEXTS = 64, ALONE = 30, PATIENCE = 300 };
static long (*guest_calls)(void);
static int (*guest_check)(long);
static void (*guest_set)(long);
static struct place {
  coexist_context_t context;
  int inside;
  long entries;
} places[CONTEXTS];
static struct place *current;  // (atomic) what main visits: there the others meet it
static int failures, rounds;
static long refused, handled;
static pthread_barrier_t begin, end;

static void expect(int is_right, const char *what) {
  if (!is_right && __atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED) < 5) puts(what);
}
static void visit(struct place *place) {
  int error = coexist_enter(place->context);
  if (error != 0) {
    expect(error == EBUSY, "neither entered nor busy");
    __atomic_fetch_add(&refused, 1, __ATOMIC_RELAXED);
    return;
  }
  expect(__atomic_exchange_n(&place->inside, 1, __ATOMIC_ACQUIRE) == 0, "two are inside");
  expect(guest_check(7), "the context lost its state");
  place->entries++;
  __atomic_store_n(&place->inside, 0, __ATOMIC_RELEASE);
  expect(coexist_leave(place->context) == 0, "leave");
}
static struct place *visited(void) { return __atomic_load_n(&current, __ATOMIC_ACQUIRE); }
static void handler(int signal) {
  (void)signal;
  int error = errno;
  handled++;
  if (visited() != NULL) visit(visited());
  errno = error;
}
static void *other(void *unused) {
  sigset_t alarm;
  sigemptyset(&alarm);
  sigaddset(&alarm, SIGALRM);
  pthread_sigmask(SIG_BLOCK, &alarm, NULL);
  for (int round = 0; round < rounds; round++) {
    pthread_barrier_wait(&begin);
    for (int c = 0; c < CONTEXTS; c++) {
      for (int i = 0; i < PATIENCE && visited() != &places[c]; i++) __builtin_ia32_pause();
      visit(&places[c]);
    }
    pthread_barrier_wait(&end);
  }
  return unused;
}
static void make(struct place *place) {
  *place = (struct place){.context = coexist_create()};
  coexist_enter(place->context), guest_set(7), coexist_leave(place->context);
}
static void finish(struct place *place) {
  coexist_enter(place->context);
  expect(guest_calls() == place->entries, "a call was lost, or was another's");
  coexist_leave(place->context);
  expect(coexist_destroy(place->context) == 0, "destroy");
}

int main(int count, char **words) {
  if (count < 3) return 2;
  if (!coexist_present()) return 3;
  void *guest = dlopen(words[1], RTLD_NOW);
  guest_calls = (long (*)(void))dlsym(guest, "guest_calls");
  guest_check = (int (*)(long))dlsym(guest, "guest_check");
  guest_set = (void (*)(long))dlsym(guest, "guest_set");
  rounds = atoi(words[2]);
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &action, NULL);
  pthread_barrier_init(&begin, NULL, OTHERS + 1), pthread_barrier_init(&end, NULL, OTHERS + 1);
  pthread_t ids[OTHERS];
  for (int t = 0; t < OTHERS; t++) pthread_create(&ids[t], NULL, other, NULL);
  guest_set(1);
  for (int round = 0; round < rounds; round++) {
    for (int c = 0; c < CONTEXTS; c++) make(&places[c]);
    struct itimerval once = {{0, 0}, {0, 1 + round % 61}};
    setitimer(ITIMER_REAL, &once, NULL);
    pthread_barrier_wait(&begin);
    for (int c = 0; c < CONTEXTS; c++) {
      __atomic_store_n(&current, &places[c], __ATOMIC_RELEASE);
      for (int i = 0; i < ALONE; i++) visit(&places[c]);
    }
    __atomic_store_n(&current, NULL, __ATOMIC_RELEASE);
    pthread_barrier_wait(&end);
    for (int c = 0; c < CONTEXTS; c++) finish(&places[c]);
    expect(guest_check(1), "the thread lost its state");
  }
  for (int t = 0; t < OTHERS; t++) pthread_join(ids[t], NULL);
  expect(refused > 0 && handled > 0, "nobody met");
  printf("%d failures, %ld refused, %ld in handlers\n", failures, refused, handled);
  return failures != 0;
}
