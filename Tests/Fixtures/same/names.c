// However the address of sigaction is found, it is the same function: direct, dlsym and dlvsym with
// RTLD_DEFAULT, RTLD_NEXT and libc's own handle (dlsym(3)).
#include <dlfcn.h>
#include "support/check.h"
#include "support/kernel.h"

static void one(int s) { (void)s; }

typedef int (*setter)(int, const struct sigaction *, struct sigaction *);

static void check(setter set, const char *how) {
  struct sigaction new = {.sa_handler = one}, old;
  if (!set) printf("none by %s\n", how), exit(1);
  CHECK_EQ(set(SIGSEGV, &new, &old), 0);
  CHECK_EQ(old.sa_handler, SIG_DFL);
  CHECK_EQ(kernel_action(SIGSEGV).handler, one);
  CHECK_EQ(signal(SIGSEGV, SIG_DFL), one);
}

int main(void) {
  void *libc = dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
  CHECK(libc != 0);
  void *places[] = {RTLD_DEFAULT, RTLD_NEXT, libc};
  const char *names[] = {"sigaction", "__sigaction"};
  for (int n = 0; n < 3; n++)
    for (int m = 0; m < 2; m++) {
      check((setter)dlsym(places[n], names[m]), names[m]);
      check((setter)dlvsym(places[n], names[m], "GLIBC_2.2.5"), names[m]);
    }
  CHECK_EQ(dlsym(RTLD_DEFAULT, "sigaction"), sigaction);
  CHECK_EQ(dlsym(libc, "sigaction"), sigaction);
  CHECK_EQ(dlsym(libc, "signal"), signal);
  dlerror();
  CHECK(!dlsym(RTLD_DEFAULT, "no such name"));
  puts(dlerror());
  CHECK(!dlvsym(libc, "sigaction", "GLIBC_9"));
  CHECK(dlerror() != 0);
  CHECK(dlsym(RTLD_DEFAULT, "sigvec") == 0 || dlvsym(libc, "sigvec", "GLIBC_2.2.5") != 0);
}
