// later GUEST LIBRARY: a container that shares libstdc++ opens another library, from inside.
#include <coexist_container.h>
#include <dlfcn.h>

#include <cstdio>

int main(int, char **words) {
  static const char *const share[] = {"libstdc++.so.6"};
  coexist_container_options options = {};
  options.library = words[1], options.share = share, options.share_count = 1;
  options.flags = words[3] != nullptr ? COEXIST_CONTAINER_COPIES : 0;
  char error[400] = "";
  coexist_container container;
  if (coexist_container_open(&options, &container, error, sizeof error) != 0)
    return puts(error), 64;
  auto open = (void *(*)(const char *))coexist_container_lookup(container, "open_later");
  void *library = open(words[2]);
  if (library == nullptr) return puts(dlerror()), 1;
  auto once = (int (*)(int))dlsym(library, "once_in_threads");
  return once(16) == 1 ? 0 : 2;
}
