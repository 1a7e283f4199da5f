// Keeps every signal out, past libc and so past us.
#pragma once

#include <stdint.h>
#include <sys/syscall.h>

static long set_mask_raw(uint64_t mask) {
  enum { SET = 2, SIZE = 8 };  // SIG_SETMASK
  register long size __asm__("r10") = SIZE;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(SYS_rt_sigprocmask), "D"(SET), "S"(&mask), "d"(0), "r"(size)
                   : "rcx", "r11", "memory");
  return result;
}
