// policy GUEST shared|private FLAGS: a container in a namespace, with the program's libstdc++ or
// one of its own. Shared, what is printed inside goes where the program has turned std::cout to.
#include <coexist_container.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <mutex>
#include <sstream>

static int fail(const char *what) { return fprintf(stderr, "%s\n", what), 1; }

int main(int, char **words) {
  static const char *const share[] = {"libstdc++.so.6"};
  bool shared = strcmp(words[2], "shared") == 0;
  coexist_container_options options = {};
  options.library = words[1], options.flags = atoi(words[3]);
  options.share = share, options.share_count = shared;
  char error[400] = "";
  for (int round = 0; round < 3; round++) {
    coexist_container container;
    if (coexist_container_open(&options, &container, error, sizeof error) != 0) return fail(error);
    auto say = (void (*)())coexist_container_lookup(container, "say");
    auto once = (int (*)(int))coexist_container_lookup(container, "once_in_threads");
    std::ostringstream caught;
    std::streambuf *before = std::cout.rdbuf(caught.rdbuf());
    say();
    std::cout.rdbuf(before);
    if (caught.str() != (shared ? "inside" : "")) return fail("another stream");
    if (once(16) != 1) return fail("call_once inside");
    std::once_flag flag;
    int ran = 0;
    std::call_once(flag, [&] { ran++; });
    if (ran != 1) return fail("call_once outside");
    bool closes = coexist_container_close(container, error, sizeof error) == 0;
    if (!closes && options.flags & COEXIST_CONTAINER_COPIES) return fail(error);
  }
  return 0;
}
