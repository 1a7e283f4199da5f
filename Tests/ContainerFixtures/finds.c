// finds LIBRARY FUNCTION: what the function answers, and how many containers there are then.
#include <coexist_container.h>
#include <dlfcn.h>
#include <stdio.h>

int main(int count, char **words) {
  if (count != 3) return 64;
  void *handle = dlopen(words[1], RTLD_NOW);
  if (handle == NULL) return puts(dlerror()), 1;
  int (*function)(void) = (int (*)(void))dlsym(handle, words[2]);
  if (function == NULL) return puts(dlerror()), 1;
  int containers =
      coexist_containers_available() ? coexist_container_list(NULL, 0) : 0;
  printf("%d in %d containers\n", function(), containers);
  return 0;
}
