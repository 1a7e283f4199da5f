// Opens libraries and looks up names on its own account: what is found depends on the caller's
// RUNPATH, $ORIGIN, scope and place in the link order (dlopen(3), dlsym(3)).
#include <dlfcn.h>

void *opener_open(const char *name) {
  void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  return handle ? handle : 0;
}
void *opener_default(const char *name) {
  void *found = dlsym(RTLD_DEFAULT, name);
  return found ? found : 0;
}
