// One operation while something grows. Words: OPERATION, then runtimes=N (each with a handler),
// threads=N (they sleep), modules=N (with thread-local state), contexts=N.
// Operations: mask, thread, dlopen, tls, enter.
#include <coexist.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include "parties.h"

static sigset_t mask;
static void change_mask(void) { pthread_sigmask(SIG_SETMASK, &mask, NULL); }

static void *nothing(void *argument) { return argument; }
static void create_join(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, nothing, NULL) != 0) bench_fail("pthread_create");
  pthread_join(thread, NULL);
}

static char path[4096];
static void open_close(void) { dlclose(dlopen(path, RTLD_NOW | RTLD_LOCAL)); }

extern void *__tls_get_addr(void *);
static unsigned long index_of[2];
static void access_once(void) { __asm__ volatile("" : : "r"(__tls_get_addr(index_of)) : "memory"); }

static coexist_context_t contexts[1000];
static int context_count, next;
static void enter_leave(void) {
  coexist_context_t mine = contexts[next];
  next = next + 1 < context_count ? next + 1 : 0;
  coexist_enter(mine), coexist_leave(mine);
}

static int number(int argc, char **argv, const char *name) {
  size_t length = strlen(name);
  for (int i = 4; i < argc; i++)
    if (strncmp(argv[i], name, length) == 0 && argv[i][length] == '=')
      return atoi(argv[i] + length + 1);
  return 0;
}

static void *library(const char *name, int index) {
  snprintf(path, sizeof path, "%s/lib%s%d.so", getenv("BENCH_FOLDER"), name, index);
  void *opened = dlopen(path, RTLD_NOW);
  if (opened == NULL) bench_fail(dlerror());
  return opened;
}

static pthread_barrier_t all;
static void *sleeper(void *argument) {
  pthread_barrier_wait(&all);
  for (;;) pause();
  return argument;
}

static void sleepers(int count) {
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 64 * 1024);
  pthread_barrier_init(&all, NULL, (unsigned)count + 1);
  for (int i = 0; i < count; i++) {
    pthread_t thread;
    if (pthread_create(&thread, &small, sleeper, NULL) != 0) bench_fail("pthread_create");
  }
  pthread_barrier_wait(&all);
}

int main(int argc, char **argv) {
  const char *what = bench_word(argc, argv, 0);
  for (int i = 1; i <= number(argc, argv, "runtimes"); i++) party_open(i).install(0, 1, 0);
  void *guest = NULL;
  for (int i = 1; i <= number(argc, argv, "modules"); i++) guest = library("tls", i);
  int threads = number(argc, argv, "threads");
  if (threads != 0) sleepers(threads);
  if (strcmp(what, "mask") == 0) return sigfillset(&mask), bench_run(argv, change_mask);
  if (strcmp(what, "thread") == 0) {
    // On one processor: where the kernel puts the new thread makes it twice as fast, or not.
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
    return bench_run(argv, create_join);
  }
  if (strcmp(what, "tls") == 0) {
    if (guest == NULL) guest = library("tls", 1);
    dlinfo(guest, RTLD_DI_TLS_MODID, &index_of[0]);
    return bench_run(argv, access_once);
  }
  if (strcmp(what, "enter") == 0) {
    context_count = number(argc, argv, "contexts");
    if (context_count == 0) context_count = 1;
    for (int i = 0; i < context_count; i++) contexts[i] = coexist_create();
    return bench_run(argv, enter_leave);
  }
  // A library that is not there yet: of the kind that does not grow.
  dlclose(library(guest == NULL ? "tls" : "party", 1));
  return bench_run(argv, open_close);
}
