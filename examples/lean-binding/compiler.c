// Lean 4's compiler, which is in its library: LEAN is the folder. Usage: lean -c OUTPUT.c FILE.lean
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **words) {
  char path[4096];
  snprintf(path, sizeof path, "%s/libleanshared.so", getenv("LEAN"));
  void *library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
  if (library == NULL) return fprintf(stderr, "%s\n", dlerror()), 2;
  int (*lean)(int, char **) = (int (*)(int, char **))dlsym(library, "lean_main");
  return lean == NULL ? 2 : lean(count, words);
}
