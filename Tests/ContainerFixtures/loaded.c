// loaded LIBRARY: prints each object of the process in the loader's order, after a dlopen.
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>

extern struct r_debug _r_debug;

int main(int count, char **words) {
  if (count != 2 || dlopen(words[1], RTLD_NOW) == NULL) return 1;
  if (_r_debug.r_version > 1) puts("more than one namespace");
  for (struct link_map *map = _r_debug.r_map; map != NULL; map = map->l_next)
    printf("%s\n", map->l_name);
  return 0;
}
