// One RCU read section, as the core's own header makes it.
#include <ccoexist/rcu.h>

#include "bench.h"

uint64_t coexist_unregistered;
static void ten(void) {
  for (int i = 0; i < 10; i++) coexist_rcu_enter(), coexist_rcu_leave();
}

int main(int argc, char **argv) {
  (void)argc;
  coexist_rcu_register();
  return bench_run(argv, ten);
}
