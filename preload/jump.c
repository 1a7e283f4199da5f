// sigsetjmp(3) and longjmp(3): a jump leaves handlers, and brings back a mask that libc saved as
// the kernel held it. What was hidden then is kept beside it, in the part of the set that libc
// leaves unused (glibc setjmp/sigjmp.c, sysdeps/x86_64/jmpbuf-offsets.h).
#include "preload.h"

#include <setjmp.h>
#include <string.h>

static const uint64_t mark = 0x6e6564646968786full;

struct beside {
  uint64_t real, hidden, mark;
};

// libc's __sigsetjmp.
int (*coexist_real_sigsetjmp)(struct __jmp_buf_tag *, int);

// Called by __sigsetjmp (jump.S) before libc's.
void coexist_note_jump(struct __jmp_buf_tag *buffer, int saves) {
  if (!coexist_ready() || !saves) return;
  struct beside beside = {0, coexist_core_hidden(), mark};
  memcpy(&buffer->__saved_mask, &beside, sizeof beside);
}

// sysdeps/unix/sysv/linux/x86_64/pointer_guard.h, PTR_DEMANGLE; JB_RSP is 6.
static uint64_t target(const struct __jmp_buf_tag *buffer) {
  uint64_t guard, sp = (uint64_t)buffer->__jmpbuf[6];
  __asm__("mov %%fs:0x30, %0" : "=r"(guard));
  return (sp >> 17 | sp << 47) ^ guard;
}
static void prepare(const struct __jmp_buf_tag *buffer) {
  if (!coexist_ready()) return;
  struct beside beside = {0};
  // A buffer without a mask may be shorter than its type.
  if (buffer->__mask_was_saved) memcpy(&beside, &buffer->__saved_mask, sizeof beside);
  coexist_core_jump(target(buffer), beside.mark == mark, beside.hidden);
}

EXPORT void longjmp(struct __jmp_buf_tag *buffer, int value) {
  prepare(buffer);
  coexist_real.longjmp(buffer, value);
  __builtin_unreachable();
}
EXPORT void _longjmp(struct __jmp_buf_tag *buffer, int value) {
  prepare(buffer);
  coexist_real.longjmp(buffer, value);
  __builtin_unreachable();
}
EXPORT void siglongjmp(struct __jmp_buf_tag *buffer, int value) {
  prepare(buffer);
  coexist_real.longjmp(buffer, value);
  __builtin_unreachable();
}
EXPORT _Noreturn void __longjmp_chk(struct __jmp_buf_tag *buffer, int value) {
  prepare(buffer);
  coexist_real.__longjmp_chk(buffer, value);
  __builtin_unreachable();
}
