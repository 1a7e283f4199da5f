// One piece of work on two threads: what the guest library remembers goes along with its context.
#include <coexist.h>
#include <pthread.h>
#include <stdio.h>

extern long guest_calls(void);

static void *part(void *context) {
  if (coexist_enter(context) != 0) return NULL;
  printf("the guest counts %ld\n", guest_calls());
  coexist_leave(context);
  return NULL;
}

int main(void) {
  coexist_context_t context = coexist_create();
  printf("coexist: %s\n", coexist_present() ? coexist_version() : "not preloaded");
  for (int i = 0; i < 2; i++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, part, context) != 0) return 1;
    pthread_join(thread, NULL);
  }
  return coexist_destroy(context);
}
