// One row: a behaviour that must hold over the border. Returns 1 if it does.
#pragma once

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct Row {
  const char *name;
  int (*holds)();
};
extern const Row thread_rows[], data_rows[], code_rows[];

extern void *inside;   // the first copy's handle
extern void *another;  // the second copy's

template <typename T> T guest(const char *name, void *handle = inside) {
  void *found = dlsym(handle, name);
  if (!found) fprintf(stderr, "%s: %s\n", name, dlerror()), exit(3);
  return reinterpret_cast<T>(found);
}
#define GUEST(type, name) guest<type>(#name)
