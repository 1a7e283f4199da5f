// A runtime whose library says how its threads are made anew (the catalogue's restart) works in a
// child of fork, and in a child of that one, although its worker is the parent's only.
// library: leanshared = guests/lean.c
#include <sys/wait.h>
#include "support/check.h"

void lean_initialize_runtime_module(void), lean_task(void), lean_init_task_manager(void);

static int in_child(int depth) {
  pid_t child = fork();
  if (child == 0) {
    alarm(3);
    lean_task(), lean_task();
    _exit(depth == 0 ? 0 : in_child(depth - 1));
  }
  int status = 1;
  waitpid(child, &status, 0);
  return status != 0;
}

int main(void) {
  lean_initialize_runtime_module();
  lean_task();
  CHECK_EQ(in_child(1), 0);
  lean_task();
}
