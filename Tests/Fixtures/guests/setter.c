// Installs one handler by whatever name the test says; finds that name by itself, in three ways.
#include <dlfcn.h>
#include "support/check.h"
#include "support/fault.h"

int setter_calls;
void setter_poke(void) { poke(NOWHERE), (void)0; }

static void skip(int s, siginfo_t *i, void *c) {
  (void)s, (void)i;
  setter_calls++;
  REGISTER(c, RIP) += POKE_SIZE;
}

// Returns what was there before. place: 0 RTLD_DEFAULT, 1 RTLD_NEXT, 2 libc's handle.
void *setter_set(const char *name, int place, int versioned) {
  void *libc = dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
  void *places[] = {RTLD_DEFAULT, RTLD_NEXT, libc};
  void *found = versioned ? dlvsym(places[place], name, "GLIBC_2.2.5") : dlsym(places[place], name);
  CHECK(found != 0);
  if (strstr(name, "sigaction")) {
    struct sigaction new = action(skip, SA_SIGINFO), old;
    int (*set)(int, struct sigaction *, struct sigaction *) = found;
    CHECK_EQ(set(SIGSEGV, &new, &old), 0);
    return old.sa_handler;
  }
  if (!strcmp(name, "sigvec")) {
    struct { void *handler; int mask, flags; } new = {skip, 0, 0}, old;
    int (*set)(int, void *, void *) = found;
    CHECK_EQ(set(SIGSEGV, &new, &old), 0);
    return old.handler;
  }
  void *(*set)(int, void *) = found;
  void *old = set(SIGSEGV, skip);
  return old;
}

void setter_reset(void) { CHECK(signal(SIGSEGV, SIG_DFL) != SIG_ERR); }
