// A child of fork that has lost only the thread that the runtime does without there keeps the
// runtime's state: nothing is made anew.
// library: leanshared = guests/lean.c
#include <sys/wait.h>
#include "support/check.h"

void lean_initialize_runtime_module(void), lean_task(void);

int main(void) {
  lean_initialize_runtime_module();
  pid_t child = fork();
  if (child == 0) {
    alarm(3);
    lean_task();
    _exit(0);
  }
  int status = 1;
  waitpid(child, &status, 0);
  CHECK_EQ(status, 0);
}
