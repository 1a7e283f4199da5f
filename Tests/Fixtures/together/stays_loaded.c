// A library whose thread runs on in it stays after dlclose (the catalogue's loader rules), opened
// by itself or as what another library needs.
// plugin: leanshared = guests/lean.c
#include <dlfcn.h>
#include "support/check.h"

#ifndef GUEST  // DescribedTests.swift gives it another name
#define GUEST "libleanshared.so"
#endif

int main(void) {
  void *lean = dlopen(GUEST, RTLD_NOW | RTLD_GLOBAL);
  if (lean == NULL) printf("%s\n", dlerror()), exit(2);
  ((void (*)(void))dlsym(lean, "lean_initialize_runtime_module"))();
  int volatile *turns = dlsym(lean, "lean_turns");
  while (*turns < 3) usleep(1000);
  CHECK_EQ(dlclose(lean), 0);
  int before = *turns;
  while (*turns < before + 20) usleep(1000);
}
