// sigaltstack(2) and the older sigstack(3): per runtime and thread (core: Signals/AlternateStack).
#include "preload.h"

static int change(const stack_t *stack, stack_t *old, uint64_t caller) {
  if (UNLIKELY(!coexist_ready())) return coexist_real.sigaltstack(stack, old);
  int error =
      coexist_core_sigaltstack(stack, old, caller, (uint64_t)__builtin_frame_address(0));
  if (error == 0) return 0;
  errno = error;
  return -1;
}

EXPORT int sigaltstack(const stack_t *stack, stack_t *old) { return change(stack, old, CALLER); }
