// proxied GUEST: contexts over a library of initial-exec code whose state holds its own address, by
// coexist_call from several threads; then in a child of fork. Exit status: 0 all is as it was left.
#include <coexist.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONTEXTS = 12, THREADS = 3, ROUNDS = 30, CALL_STACK = 65536 };
#include "caller.h"

static coexist_context_t contexts[CONTEXTS];
static pthread_barrier_t together;

static void *inside(void *context) {
  void *unused;
  expect(coexist_current() == context, "current");
  expect(coexist_call(context, CALL_STACK, check, NULL, &unused) == EBUSY, "a call in a call");
  return NULL;
}

static void *work(void *argument) {
  int me = (int)(long)argument;
  guest_set(1000 + me);
  for (int round = 0; round < ROUNDS; round++) {
    for (int c = 0; c < CONTEXTS; c++)
      if ((c + round) % THREADS == me)
        expect(call(contexts[c], check, c + 1) != NULL, "a context lost its state");
    expect(guest_check(1000 + me), "the thread lost its state");
    pthread_barrier_wait(&together);
  }
  return NULL;
}

int main(int count, char **words) {
  if (count < 2) return 2;
  coexist_policy(strrchr(words[1], '/') + 1, COEXIST_MODULE_PROXY);
  void *guest = dlopen(words[1], RTLD_NOW);
  guest_set = (void (*)(long))dlsym(guest, "guest_set");
  guest_check = (int (*)(long))dlsym(guest, "guest_check");
  for (int c = 0; c < CONTEXTS; c++)
    contexts[c] = coexist_create(), call(contexts[c], set, c + 1);
  pthread_barrier_init(&together, NULL, THREADS);
  pthread_t ids[THREADS];
  for (long t = 0; t < THREADS; t++) pthread_create(&ids[t], NULL, work, (void *)t);
  for (int t = 0; t < THREADS; t++) pthread_join(ids[t], NULL);
  if (coexist_present()) call(contexts[0], inside, (long)contexts[0]);
  pid_t child = fork();
  if (child == 0) {
    call(contexts[1], set, 77);
    _exit(call(contexts[1], check, 77) == NULL);
  }
  int status;
  waitpid(child, &status, 0);
  expect(status == 0, "a call in the child");
  expect(call(contexts[1], check, 2) != NULL, "after the fork");
  for (int c = 0; c < CONTEXTS; c++) expect(coexist_destroy(contexts[c]) == 0, "destroy");
  printf("%d failures\n", failures);
  return failures != 0;
}
