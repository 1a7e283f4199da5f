// A library that wants to be called at fork from its constructor on.
#include <pthread.h>
#include <unistd.h>
#include "support/check.h"

static void say(const char *text) { CHECK(write(1, text, strlen(text)) > 0); }
static void prepare(void) { say("prepare of the library\n"); }
static void parent(void) { say("parent of the library\n"); }

__attribute__((constructor)) static void begin(void) {
  CHECK_EQ(pthread_atfork(prepare, parent, 0), 0);
}
