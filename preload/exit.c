// _exit(2) runs no destructor, and shells leave by it: the state file goes all the same. Only what
// is async-signal-safe happens here.
#include "preload.h"

#include <unistd.h>

#include "start.h"

static _Noreturn void leave(int status) {
  if (coexist_active) coexist_state_close();
  for (;;) coexist_syscall4(231, status, 0, 0, 0);  // exit_group
}
EXPORT _Noreturn void _exit(int status) { leave(status); }
EXPORT _Noreturn void _Exit(int status) { leave(status); }
