// unaware LIBRARY OTHER: a program that only knows dlopen, dlsym and dlclose; its two libraries
// export the same name. The rule stands for [[container]] of a configuration.
#include <coexist_container.h>
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <string.h>

int bump_global(void) { return -1; }

int main(int count, char **words) {
  struct coexist_container_options options = {.name = "guests", .flags = COEXIST_CONTAINER_COPIES};
  if (count > 3 && coexist_containers_available())
    coexist_container_match("libborder_guest*", &options);
  void *first = dlopen(words[1], RTLD_NOW | RTLD_GLOBAL), *again = dlopen(words[1], RTLD_NOW);
  void *second = dlopen(words[2], RTLD_NOW | RTLD_GLOBAL);
  if (!first || !second || first != again) return printf("%s\n", dlerror()), 1;
  int (*one)(void) = (int (*)(void))dlsym(first, "bump_global");
  int (*two)(void) = (int (*)(void))dlsym(second, "bump_global");
  // The program's own bump_global is not seen inside, and theirs are not outside.
  int apart = one() == 2 && one() == 3 && two() == 2 && bump_global() == -1 &&
              dlsym(RTLD_DEFAULT, "is_alpha_thread") == NULL;
  struct link_map *map;
  Dl_info info;
  apart &= dlinfo(first, RTLD_DI_LINKMAP, &map) == 0 && dladdr((void *)one, &info) != 0;
  apart &= dlclose(first) == 0 && one() == 4;  // one reference is left
  if (!apart) return puts("not apart"), 2;
  if (dlclose(first) != 0 || dlclose(second) != 0) return printf("%s\n", dlerror()), 3;
  struct coexist_container_info left;
  if (coexist_containers_available() && coexist_container_list(&left, 1) != 0)
    return puts("a container is left"), 4;
  // A library that is not there: dlerror says so as always.
  if (dlopen("./libborder_guest_missing.so", RTLD_NOW) != NULL) return 5;
  const char *error = dlerror();
  return error && strstr(error, "No such file") ? 0 : (printf("%s\n", error), 6);
}
