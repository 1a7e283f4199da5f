// Eight pins of different objects, held at once, then taken away.
#include <coexist.h>

#include "bench.h"

static void eight(void) {
  enum { COUNT = 8, SIZE = 64 };
  static char objects[COUNT][SIZE];
  coexist_pin_t pins[COUNT];
  for (int i = 0; i < COUNT; i++) pins[i] = coexist_pin(objects[i]);
  for (int i = COUNT; i-- > 0;)
    if (coexist_unpin(pins[i]) != 0) bench_fail("a pin was not held");
}

int main(int argc, char **argv) {
  (void)argc;
  return bench_run(argv, eight);
}
