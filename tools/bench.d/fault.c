// A genuine SIGSEGV whose handler steps over the instruction. Words: parties=N (all install; the
// last one faults) mask=all|none stack=alternate|thread declines=0|1 (the faulting one)
// address=null|page threads=N (all but the one that faults sleep).
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include "parties.h"

static int words_count;
static char **words;

static const char *word(const char *name, const char *otherwise) {
  size_t length = strlen(name);
  for (int i = 3; i < words_count; i++)
    if (strncmp(words[i], name, length) == 0 && words[i][length] == '=')
      return words[i] + length + 1;
  return otherwise;
}

static struct party faulting;
static sem_t asleep;

static void *sleeper(void *argument) {
  sem_post(&asleep);
  for (;;) pause();
  return argument;
}
static void *measured(void *argument) {
  bench_run(argument, faulting.fault);
  fflush(stdout);
  _exit(0);
}

static void on_threads(int count, char **argv) {
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 64 * 1024);
  pthread_t thread;
  for (int i = 0; i < count; i++) {
    if (pthread_create(&thread, &small, sleeper, NULL) != 0) bench_fail("pthread_create");
    sem_wait(&asleep);
  }
  pthread_create(&thread, NULL, measured, argv);
  pthread_join(thread, NULL);
}

int main(int argc, char **argv) {
  words_count = argc, words = argv;
  int parties = atoi(word("parties", "1")), threads = atoi(word("threads", "0"));
  int alternate = strcmp(word("stack", "thread"), "alternate") == 0;
  int masks_all = strcmp(word("mask", "all"), "all") == 0;
  int declines = atoi(word("declines", "0"));
  static char stack[1 << 18];
  stack_t own = {.ss_sp = stack, .ss_size = sizeof stack};
  if (alternate) sigaltstack(&own, NULL);
  for (int i = 1; i <= parties; i++) {
    faulting = party_open(i);
    faulting.install(alternate ? SA_ONSTACK : 0, masks_all, declines && i == parties);
  }
  if (strcmp(word("address", "null"), "page") == 0) faulting.close_page();
  // The first dispatches of a process are all timed, later ones are not (Recorder.swift).
  for (int i = 0; i < 1100; i++) faulting.fault();
  if (threads != 0) on_threads(threads - 1, argv);
  return bench_run(argv, faulting.fault);
}
