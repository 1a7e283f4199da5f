// opens LIBRARY: dlopen and dlclose, as a program does that knows nothing of containers. Exit
// status: 0 both went well, 1 it was not opened, 2 it was not closed.
#include <dlfcn.h>
#include <stdio.h>

int main(int count, char **words) {
  if (count != 2) return 64;
  void *library = dlopen(words[1], RTLD_NOW);
  if (library == NULL) return puts(dlerror()), 1;
  if (dlclose(library) != 0) return puts(dlerror()), 2;
  return 0;
}
