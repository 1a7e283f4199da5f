// copies GUEST GUEST GUEST: contexts over three libraries whose variables are exchanged; the last
// is loaded when contexts, with state in the others, exist. Exit status: 0 all is as it was left.
#include <coexist.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

enum { CONTEXTS = 40, GUESTS = 3, ROUNDS = 20, THREADS = 4 };
static struct guest {
  void (*set)(long);
  int (*check)(long);
} guests[GUESTS];
static int guests_count, failures;
static coexist_context_t contexts[CONTEXTS];
static pthread_barrier_t together;

static void load(const char *path) {
  const char *name = __builtin_strrchr(path, '/');
  coexist_policy(name + 1, COEXIST_MODULE_COPY);
  void *library = dlopen(path, RTLD_NOW);
  guests[guests_count++] =
      (struct guest){(void (*)(long))dlsym(library, "guest_set"),
                     (int (*)(long))dlsym(library, "guest_check")};
}
static long value(int context, int guest) { return 100 * context + guest + 1; }
static void set(int context) {
  for (int g = 0; g < guests_count; g++) guests[g].set(value(context, g));
}
static void check(int context) {
  for (int g = 0; g < guests_count; g++)
    if (!guests[g].check(value(context, g))) __atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED);
}

// Context c is visited by thread (c + round) % THREADS: it migrates each round.
static void *visit(void *number) {
  int me = (int)(long)number;
  set(1000 + me);
  for (int round = 0; round < ROUNDS; round++) {
    for (int c = 0; c < CONTEXTS; c++)
      if ((c + round) % THREADS == me) {
        coexist_enter(contexts[c]);
        check(c);
        coexist_leave(contexts[c]);
        check(1000 + me);
      }
    pthread_barrier_wait(&together);
  }
  return NULL;
}
static void everywhere(void) {
  pthread_t ids[THREADS];
  for (long t = 0; t < THREADS; t++) pthread_create(&ids[t], NULL, visit, (void *)t);
  for (int t = 0; t < THREADS; t++) pthread_join(ids[t], NULL);
}

int main(int count, char **words) {
  if (count < 4) return 2;
  pthread_barrier_init(&together, NULL, THREADS);
  load(words[1]), load(words[2]);
  for (int c = 0; c < CONTEXTS; c++) {
    contexts[c] = coexist_create();
    coexist_enter(contexts[c]), set(c), coexist_leave(contexts[c]);
  }
  everywhere();
  load(words[3]);
  for (int c = 0; c < CONTEXTS; c++) {
    coexist_enter(contexts[c]);
    for (int g = 0; g < 2; g++)
      if (!guests[g].check(value(c, g))) failures++;
    guests[2].set(value(c, 2));
    coexist_leave(contexts[c]);
  }
  everywhere();
  for (int c = 0; c < CONTEXTS; c++)
    if (coexist_destroy(contexts[c]) != 0) failures++;
  printf("%d failures\n", failures);
  return failures != 0;
}
