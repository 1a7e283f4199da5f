// A program with a single runtime, which ignores SIGPIPE: as without coexist, nobody's write ends
// it.
// library: leanshared = guests/lean.c
#include "support/check.h"
#include "support/kernel.h"

void lean_initialize_runtime_module(void);

int main(void) {
  lean_initialize_runtime_module();
  CHECK_EQ(kernel_action(SIGPIPE).handler, SIG_IGN);
  int ends[2];
  CHECK_EQ(pipe(ends), 0);
  close(ends[0]);
  CHECK_EQ(write(ends[1], "x", 1), -1);
  CHECK_EQ(errno, EPIPE);
}
