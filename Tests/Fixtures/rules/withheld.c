// A runtime that carries copies of other libraries' names is opened without RTLD_GLOBAL, until a
// name of it is missed: then it is as global as it was asked to be.
// plugin: leanshared = guests/lean.c
#include <dlfcn.h>
#include "support/check.h"

int main(void) {
  CHECK_EQ(dlsym(RTLD_DEFAULT, "lean_task"), 0);
  void *lean = dlopen("libleanshared.so", RTLD_NOW | RTLD_GLOBAL);
  if (lean == NULL) printf("%s\n", dlerror()), exit(2);
  CHECK_EQ(dlsym(RTLD_DEFAULT, "no_such_name_anywhere_else"), 0);
  void *task = dlsym(lean, "lean_task");
  CHECK(task != NULL);
  CHECK_EQ(dlsym(RTLD_DEFAULT, "lean_task"), task);
}
