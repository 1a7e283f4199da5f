// party NAME...: starts the named models in this order in one process and lets each cause and cure
// its own faults, in turn, on the main thread and on two others; then stops them in the same order,
// with faults between. None may be damaged by another.
// plugin: hotspot = models/hotspot.c
// plugin: coreclr = models/coreclr.c
// plugin: wasmtime = models/wasmtime.c
// plugin: v8 = models/v8.c
// plugin: faulthandler = models/faulthandler.c
// plugin: rust = models/rust.c
// plugin: go = models/go.c
// plugin: boehm = models/boehm.c
// plugin: julia = models/julia.c
// plugin: llvm = models/llvm.c
// plugin: sbcl = models/sbcl.c
// plugin: mono = models/mono.c
// plugin: racket = models/racket.c
// plugin: ocaml = models/ocaml.c
#include <dlfcn.h>
#include <pthread.h>
#include "models/model.h"
#include "support/check.h"

static struct model *models[16];
static char **names;
static int count;

static void faults(void) {
  for (int n = 0; n < count; n++) {
    if (!models[n]) continue;
    if (!models[n]->fault()) printf("%s: fault not cured\n", names[n]), exit(1);
    for (int m = 0; m < count; m++)
      if (models[m] && models[m]->damage)
        printf("%s damaged by %s\n", names[m], names[n]), exit(1);
  }
}

static void *work(void *p) {
  for (int n = 0; n < count; n++)
    if (models[n]->attach) models[n]->attach();
  for (int round = 0; round < 5; round++) faults();
  for (int n = 0; n < count; n++)
    if (models[n]->detach) models[n]->detach();
  return p;
}

int main(int arguments, char **argument) {
  names = argument + 1;
  for (; count < arguments - 1; count++) {
    char file[64];
    snprintf(file, sizeof file, "lib%s.so", names[count]);
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!library) printf("%s\n", dlerror()), exit(1);
    models[count] = dlsym(library, "model");
    models[count]->start();
  }
  for (int round = 0; round < 10; round++) faults();
  for (int n = 0; n < 2; n++) {
    pthread_t id;
    CHECK_EQ(pthread_create(&id, 0, work, 0), 0);
    CHECK_EQ(pthread_join(id, 0), 0);
  }
  for (int n = 0; n < count; n++) {
    if (models[n]->stop) models[n]->stop(), models[n] = 0;
    faults();
  }
  puts("all well");
}
