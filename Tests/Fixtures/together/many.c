// Twelve copies of one runtime, opened one after the other; each cures its own faults.
// plugin: g01 = guests/guest.c
// plugin: g02 = guests/guest.c
// plugin: g03 = guests/guest.c
// plugin: g04 = guests/guest.c
// plugin: g05 = guests/guest.c
// plugin: g06 = guests/guest.c
// plugin: g07 = guests/guest.c
// plugin: g08 = guests/guest.c
// plugin: g09 = guests/guest.c
// plugin: g10 = guests/guest.c
// plugin: g11 = guests/guest.c
// plugin: g12 = guests/guest.c
#include <dlfcn.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(void) {
  struct guest *all[12];
  for (int n = 0; n < 12; n++) {
    char file[32], name[8];
    snprintf(name, sizeof name, "g%02d", (n + 1) & 31);
    snprintf(file, sizeof file, "lib%s.so", name);
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    CHECK(library != 0);
    all[n] = ((struct guest * (*)(void)) dlsym(library, name))();
    all[n]->install(SIGSEGV, SA_SIGINFO | (n & 1 ? SA_ONSTACK : 0));
    CHECK_EQ(all[n]->found.sa_handler, SIG_DFL);
    for (int m = 0; m <= n; m++) {
      all[m]->poke(NOWHERE);
      CHECK_EQ(all[m]->asked, n - m + 1);
    }
  }
}
