// dlopen called from a library searches that library's RUNPATH and expands $ORIGIN for it;
// RTLD_DEFAULT called from it sees its own local scope; reference counts, RTLD_NOLOAD, dlopen(0),
// dlmopen and the texts of dlerror are libc's (dlopen(3), dlerror(3)).
// plugin: opener = guests/opener.c -Wl,-rpath,$ORIGIN/deep
// plugin: value = guests/value.c -DVALUE=5
#include <dlfcn.h>
#include <link.h>
#include "support/check.h"

static void copy(void *handle, const char *to) {
  struct link_map *map;
  char command[8192];
  CHECK_EQ(dlinfo(handle, RTLD_DI_LINKMAP, &map), 0);
  snprintf(command, sizeof command, "cp '%s' %s", map->l_name, to);
  CHECK_EQ(system(command), 0);
}

int main(void) {
  setvbuf(stdout, 0, _IONBF, 0);
  void *opener = dlopen("libopener.so", RTLD_NOW), *inner = dlopen("libvalue.so", RTLD_NOW);
  CHECK(opener && inner);
  CHECK_EQ(system("mkdir -p place/deep"), 0);
  copy(opener, "place/libopener.so");
  copy(inner, "place/deep/libfound.so");
  copy(inner, "place/deep/libother.so");
  CHECK_EQ(dlopen("libvalue.so", RTLD_NOW | RTLD_NOLOAD), inner);
  CHECK_EQ(dlclose(inner), 0);
  CHECK_EQ(dlclose(inner), 0);
  CHECK(!dlopen("libvalue.so", RTLD_NOW | RTLD_NOLOAD));
  CHECK_EQ(dlclose(opener), 0);

  CHECK(!dlopen("libfound.so", RTLD_NOW));
  puts(dlerror());
  opener = dlopen("./place/libopener.so", RTLD_NOW);
  CHECK(opener != 0);
  void *(*open)(const char *) = (void *(*)(const char *))dlsym(opener, "opener_open");
  void *(*find)(const char *) = (void *(*)(const char *))dlsym(opener, "opener_default");
  void *found = open("libfound.so");
  if (!found) puts(dlerror());
  CHECK(found != 0);
  struct link_map *map;
  CHECK_EQ(dlinfo(found, RTLD_DI_LINKMAP, &map), 0);
  CHECK(strstr(map->l_name, "place/deep/libfound.so") != 0);
  CHECK(open("$ORIGIN/deep/libother.so") != 0);
  CHECK_EQ(find("opener_open"), open);  // opener is RTLD_LOCAL, but in its own scope
  CHECK(!dlsym(RTLD_DEFAULT, "opener_open"));
  CHECK_EQ(dlsym(dlopen(0, RTLD_NOW), "main"), dlsym(RTLD_DEFAULT, "main"));

  void *apart = dlmopen(LM_ID_NEWLM, map->l_name, RTLD_NOW);
  CHECK(apart && apart != found);
  Lmid_t space = 0;
  CHECK_EQ(dlinfo(apart, RTLD_DI_LMID, &space), 0);
  CHECK(space != LM_ID_BASE);
  CHECK_EQ(((int (*)(void))dlsym(apart, "value"))(), 5);
  CHECK_EQ(dlclose(apart), 0);
  CHECK(!dlopen("/no/such/file.so", RTLD_NOW));
  puts(dlerror());
  CHECK(!dlerror());
}
