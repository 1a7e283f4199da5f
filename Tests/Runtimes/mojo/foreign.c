// foreign LIBRARY FUNCTION: a C program that is the host of a Mojo shared library (pool.mojo).
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

int main(int count, char **words) {
  if (count != 3) return 64;
  void *library = dlopen(words[1], RTLD_NOW);
  if (library == NULL) return printf("%s\n", dlerror()), 2;
  long (*function)(long) = (long (*)(long))dlsym(library, words[2]);
  if (function == NULL) return printf("%s\n", dlerror()), 2;
  int many = strcmp(words[2], "pool_squares") == 0;
  int good = 1;
  for (long n = 1; n <= 100; n++)
    good &= function(n) == n * n + (many ? (n + 1) * (n + 1) : 0);
  printf("RESULT %s at mojo.%s\n", good ? "True" : "False", words[2]);
  return good ? 0 : 3;
}
