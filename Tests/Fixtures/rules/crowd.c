// 80 libraries with a handler each, more than there are numbers for runtimes: nothing breaks, and
// the first and the last ones that have a number of their own cure their faults.
// library: alpha = guests/guest.c
// plugin: beta = guests/guest.c
// times: 3
// says: W203
#include <dlfcn.h>
#include <link.h>
#include "guests/guest.h"
#include "support/check.h"
#include "support/fault.h"

int main(void) {
  struct link_map *map;
  void *original = dlopen("libbeta.so", RTLD_NOW);
  CHECK_EQ(dlinfo(original, RTLD_DI_LINKMAP, &map), 0);
  alpha()->install(SIGSEGV, SA_SIGINFO);
  struct guest *all[80];
  for (int n = 0; n < 80; n++) {
    char command[4096], name[32];
    snprintf(name, sizeof name, "./libbeta%d.so", n);
    snprintf(command, sizeof command, "cp '%s' %s", map->l_name, name);
    CHECK_EQ(system(command), 0);
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    CHECK(library != 0);
    all[n] = ((struct guest * (*)(void)) dlsym(library, "beta"))();
    all[n]->install(SIGSEGV, SA_SIGINFO);
  }
  alpha()->poke(NOWHERE);
  CHECK_EQ(alpha()->asked, 1);
  for (int n = 0; n < 40; n++) {
    all[n]->poke(NOWHERE);
    CHECK_EQ(all[n]->asked, 1);
  }
}
