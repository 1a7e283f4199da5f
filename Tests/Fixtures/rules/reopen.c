// A plug-in that is opened, installs a handler, faults, removes it and is closed, 200 times:
// numbers of runtimes do not run out.
// library: alpha = guests/guest.c
// plugin: beta = guests/guest.c
// times: 5
#include <dlfcn.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(void) {
  alpha()->install(SIGSEGV, SA_SIGINFO);
  for (int n = 1; n <= 200; n++) {
    void *library = dlopen("libbeta.so", RTLD_NOW);
    CHECK(library != 0);
    struct guest *b = ((struct guest * (*)(void)) dlsym(library, "beta"))();
    b->install(SIGSEGV, SA_SIGINFO);
    CHECK_EQ(b->found.sa_handler, SIG_DFL);
    b->poke(NOWHERE), alpha()->poke(NOWHERE);
    CHECK_EQ(b->asked, 1);
    CHECK_EQ(alpha()->asked, n);
    b->remove(SIGSEGV);
    CHECK_EQ(dlclose(library), 0);
  }
}
