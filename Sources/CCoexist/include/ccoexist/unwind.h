// The caller of a function, by the unwind tables of its ELF object. For code that keeps no frame
// pointer (libc's own); signal-safe, unlike _Unwind_Backtrace, which may load a library.
// Source: System V ABI for x86-64, DWARF 5 §6.4, Linux Standard Base "Exception Frames".
#pragma once

#include <stdint.h>
#include <ccoexist/sigsafe.h>

struct coexist_frame {
  uint64_t pc, sp, bp;
  uint32_t returned;  // pc is a return address, rather than of the instruction that runs next
};

// The caller of the function that this stands in, as that call left it (System V ABI, §3.2.2).
#define COEXIST_CALLER_FRAME                                 \
  ((struct coexist_frame){                                   \
      .pc = (uint64_t)__builtin_return_address(0),           \
      .sp = (uint64_t)__builtin_frame_address(0) + 16,       \
      .bp = *(const uint64_t *)__builtin_frame_address(0),   \
      .returned = 1,                                         \
  })

// One frame up. 0 = the tables do not say, and the frame is as before.
int coexist_frame_up(struct coexist_frame *frame) COEXIST_SIGSAFE;

// Where the frame's code runs; or its caller's, if its object has a function of this name itself,
// through which others' calls come.
uint64_t coexist_caller_past(struct coexist_frame frame, const char *name) COEXIST_SIGSAFE;
