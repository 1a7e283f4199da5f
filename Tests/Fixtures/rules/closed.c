// A library is unloaded while its handler is installed: it is never called again, and the others'
// faults work. (Bare, the next fault jumps into unmapped memory.)
// library: alpha = guests/guest.c
// plugin: beta = guests/guest.c
// plugin: value = guests/value.c
#include <dlfcn.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(void) {
  struct guest *a = alpha();
  a->install(SIGSEGV, SA_SIGINFO);
  for (int n = 0; n < 10; n++) {
    void *library = dlopen("libbeta.so", RTLD_NOW);
    CHECK(library != 0);
    struct guest *b = ((struct guest * (*)(void)) dlsym(library, "beta"))();
    b->install(SIGSEGV, SA_SIGINFO);
    b->poke(NOWHERE);
    CHECK_EQ(b->asked, 1);
    CHECK_EQ(dlclose(library), 0);
    CHECK(!dlopen("libbeta.so", RTLD_NOW | RTLD_NOLOAD));
    a->asked = 0;
    poke(NOWHERE);
    a->poke(NOWHERE);
    CHECK_EQ(a->asked, 2);
  }
}
