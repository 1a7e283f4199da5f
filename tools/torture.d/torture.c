// Four parties share SIGSEGV, a signal that queues and one that does not. Each sends to all threads
// while actions, masks, mappings, threads and libraries change. TORTURE FOLDER SECONDS HERTZ
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "party.h"

enum { PARTIES = 4, WORKERS = 8, STUCK_SECONDS = 30 };

static const char *folder;
static struct party *parties[PARTIES];
static pthread_t workers[WORKERS];
static uint64_t steps[WORKERS], changes, loads, threads;
static int stop, senders_stop;
static long period_ns;

static int stopping(const int *flag) { return __atomic_load_n(flag, __ATOMIC_RELAXED); }
static void rest(long ns) {
  struct timespec time = {0, ns}, left;
  while (nanosleep(&time, &left) != 0) time = left;
}
static void *open_party(int number) {
  char path[4096];
  snprintf(path, sizeof path, "%s/libparty%d.so", folder, number);
  void *handle = dlopen(path, RTLD_NOW);
  if (handle == NULL) fprintf(stderr, "torture: %s\n", dlerror()), exit(2);
  return handle;
}
static struct party *party_of(void *handle) {
  return ((struct party * (*)(void)) dlsym(handle, "party"))();
}

// Faults in all parties, with signals open and blocked, on its own stack and with an alternate one.
static void *works(void *argument) {
  long number = (long)argument;
  static char stacks[WORKERS][65536];
  stack_t own = {.ss_sp = stacks[number], .ss_size = sizeof stacks[number]};
  if (number % 2) sigaltstack(&own, NULL);
  sigset_t both;
  sigemptyset(&both), sigaddset(&both, QUEUED), sigaddset(&both, PLAIN);
  for (unsigned round = 0; !stopping(&stop); round++) {
    if (round % 3 == 0) pthread_sigmask(SIG_BLOCK, &both, NULL);
    for (int n = 0; n < PARTIES; n++) parties[n]->fault();
    if (round % 3 == 0) pthread_sigmask(SIG_UNBLOCK, &both, NULL);
    if (round % 64 == 0) rest(100000);
    more(&steps[number]);
  }
  return NULL;
}
// Half to one thread, half to the process.
static void *sends(void *argument) {
  struct party *mine = argument;
  uint64_t next = now();
  for (unsigned round = 0; !stopping(&senders_stop); round++) {
    pthread_t target = round % 2 ? workers[round / 2 % WORKERS] : 0;
    if (round % 4 < 2) mine->queue(target);
    else mine->kill(target);
    next += (uint64_t)period_ns;
    uint64_t time = now();
    if (next > time) rest((long)(next - time));
    else if (time - next > 1000000000) next = time;  // it cannot catch up
  }
  return NULL;
}
static void *changes_actions(void *argument) {
  for (unsigned round = 0; !stopping(&stop); round++) {
    parties[round % PARTIES]->install(round / PARTIES % VARIANTS);
    parties[round % PARTIES]->remap();
    more(&changes);
    rest(500000);
  }
  return argument;
}
static void *loads_parties(void *argument) {
  while (!stopping(&stop)) {
    void *handle = open_party(PARTIES + 1);
    struct party *guest = party_of(handle);
    guest->install((unsigned)value(&loads) % VARIANTS);
    for (int n = 0; n < 4; n++) guest->fault();
    guest->queue(pthread_self());
    while (value(&guest->got) < value(&guest->queued)) rest(10000);
    guest->remove();
    if (guest->wrong != 0 || guest->faults != guest->repaired) more(&parties[0]->wrong);
    dlclose(handle);
    more(&loads);
    rest(1000000);
  }
  return argument;
}
static void *faults_once(void *argument) {
  for (int n = 0; n < PARTIES; n++) parties[n]->fault();
  return argument;
}
static void *starts_threads(void *argument) {
  while (!stopping(&stop)) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, faults_once, NULL) == 0) pthread_join(thread, NULL);
    more(&threads);
    rest(1000000);
  }
  return argument;
}

static double percentile(double share) {
  uint64_t all = 0, below = 0;
  for (int n = 0; n < PARTIES; n++)
    for (unsigned i = 0; i < BUCKETS; i++) all += value(&parties[n]->latency[i]);
  for (unsigned i = 0; i < BUCKETS; i++) {
    for (int n = 0; n < PARTIES; n++) below += value(&parties[n]->latency[i]);
    if (below != 0 && (double)below >= share * (double)all) return bucket_ns(i) / 1000;
  }
  return 0;
}
static uint64_t sum(size_t offset) {
  uint64_t all = 0;
  for (int n = 0; n < PARTIES; n++) all += value((void *)((char *)parties[n] + offset));
  return all;
}
#define SUM(field) ((unsigned long)sum(offsetof(struct party, field)))

static void report(long seconds) {
  printf("%4ld s  queued %lu  faults %lu  actions %lu  loads %lu  threads %lu  "
         "us p50 %.1f p99 %.1f p99.9 %.1f max %.1f\n",
         seconds, SUM(got), SUM(repaired), (unsigned long)value(&changes),
         (unsigned long)value(&loads), (unsigned long)value(&threads), percentile(.5),
         percentile(.99), percentile(.999), percentile(1));
  fflush(stdout);
}
static int arrived(void) {
  for (int n = 0; n < PARTIES; n++)
    if (value(&parties[n]->got) != value(&parties[n]->queued) ||
        value(&parties[n]->seen) != value(&parties[n]->killed))
      return 0;
  return 1;
}
static int check(const char *what, unsigned long count) {
  if (count != 0) printf("FAILED: %s: %lu\n", what, count);
  return count != 0;
}
// A thread that stands still for half a minute hangs.
static void watch(long second) {
  static uint64_t last[WORKERS + 2];
  static long since[WORKERS + 2];
  for (int n = 0; n < WORKERS + 2; n++) {
    uint64_t at = value(n < WORKERS ? &steps[n] : n == WORKERS ? &loads : &threads);
    if (at != last[n]) last[n] = at, since[n] = second;
    if (second - since[n] < STUCK_SECONDS) continue;
    printf("FAILED: %s %d stands still\n", n < WORKERS ? "worker" : "changer", n);
    fflush(stdout);
    abort();
  }
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  folder = argv[1];
  long seconds = atol(argv[2]);
  period_ns = 1000000000l * PARTIES / atol(argv[3]);
  for (int n = 0; n < PARTIES; n++) {
    parties[n] = party_of(open_party(n + 1));
    parties[n]->install((unsigned)n);
  }
  for (long n = 0; n < WORKERS; n++) pthread_create(&workers[n], NULL, works, (void *)n);
  pthread_t senders[PARTIES], changers[3];
  for (int n = 0; n < PARTIES; n++) pthread_create(&senders[n], NULL, sends, parties[n]);
  pthread_create(&changers[0], NULL, changes_actions, NULL);
  pthread_create(&changers[1], NULL, loads_parties, NULL);
  pthread_create(&changers[2], NULL, starts_threads, NULL);

  uint64_t start = now(), end = start + (uint64_t)seconds * 1000000000;
  for (long second = 1; now() < end; second++) {
    rest(999999999);
    watch(second);
    if (second % 10 == 0) report(second);
  }
  __atomic_store_n(&senders_stop, 1, __ATOMIC_RELAXED);
  for (int n = 0; n < PARTIES; n++) pthread_join(senders[n], NULL);
  for (int tries = 0; tries < 1000 && !arrived(); tries++) rest(10000000);
  __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
  for (int n = 0; n < WORKERS; n++) pthread_join(workers[n], NULL);
  for (int n = 0; n < 3; n++) pthread_join(changers[n], NULL);

  report(seconds);
  int failed = check("delivered to the wrong party", SUM(wrong));
  failed += check("queued signals lost", SUM(queued) - SUM(got));
  failed += check("faults not repaired", SUM(faults) - SUM(repaired));
  for (int n = 0; n < PARTIES; n++)
    failed += check("the last signal that does not queue was lost",
                    (unsigned long)(parties[n]->killed - parties[n]->seen));
  double rate = (double)(SUM(queued) + SUM(killed)) / (double)seconds;
  printf("%lu signals that queue, %lu that do not: %.0f a second\n", SUM(queued), SUM(killed),
         rate);
  return failed != 0;
}
