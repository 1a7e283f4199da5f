// Registers of an interrupted instruction and the frame that the kernel builds for a handler.
// Source: Linux arch/x86/include/asm/sigframe.h, arch/x86/kernel/signal.c, fpu/signal.c.
#pragma once

#if !defined(__x86_64__)
#error "coexist knows the signal frame of x86_64 only; a port adds its own registers.h"
#endif

#include <elf.h>
#include <signal.h>
#include <stdint.h>
#include <ucontext.h>
#include <ccoexist/sigsafe.h>

// uc_mcontext.gregs: r8…r15 rdi rsi rbp rbx rdx rax rcx rsp rip eflags csgsfs err trapno oldmask
// cr2
enum { COEXIST_REGISTERS = 23, COEXIST_REGISTERS_COMPARED = 17 };  // up to rip: a handler's edits

// Code that reads a thread-local variable through a descriptor has relocations of this type.
enum { COEXIST_TLS_DESCRIPTOR_RELOCATION = R_X86_64_TLSDESC };

// `ret`, one byte.
enum { COEXIST_RETURN = 0xC3 };

struct coexist_registers {
  uint64_t before_sp[15], sp, pc, after_pc[6];
};
_Static_assert(sizeof(struct coexist_registers) == 8 * COEXIST_REGISTERS, "layout of gregs");

// The kernel's ucontext is shorter than glibc's: five words, 256 bytes of registers, one mask word.
enum {
  COEXIST_UCONTEXT_SIZE = 304,
  COEXIST_SIGINFO_SIZE = 128,
  COEXIST_REDZONE = 128,
  COEXIST_FXSAVE_SIZE = 512,
  COEXIST_XSTATE_MAGIC = 0x46505853,
};

static inline uint64_t *coexist_uc_registers(void *ucontext) COEXIST_SIGSAFE {
  return (uint64_t *)((ucontext_t *)ucontext)->uc_mcontext.gregs;
}
static inline uint64_t coexist_uc_pc(void *ucontext) COEXIST_SIGSAFE {
  return coexist_uc_registers(ucontext)[REG_RIP];
}
static inline uint64_t coexist_uc_sp(void *ucontext) COEXIST_SIGSAFE {
  return coexist_uc_registers(ucontext)[REG_RSP];
}
static inline uint64_t coexist_uc_bp(void *ucontext) COEXIST_SIGSAFE {
  return coexist_uc_registers(ucontext)[REG_RBP];
}
static inline uint64_t coexist_uc_trap(void *ucontext) COEXIST_SIGSAFE {
  return coexist_uc_registers(ucontext)[REG_TRAPNO];
}
static inline uint64_t *coexist_uc_mask(void *ucontext) COEXIST_SIGSAFE {
  return (uint64_t *)&((ucontext_t *)ucontext)->uc_sigmask;
}
static inline stack_t *coexist_uc_stack(void *ucontext) COEXIST_SIGSAFE {
  return &((ucontext_t *)ucontext)->uc_stack;
}
// The siginfo of a frame lies behind its context.
static inline siginfo_t *coexist_frame_info(void *ucontext) COEXIST_SIGSAFE {
  return (siginfo_t *)((char *)ucontext + COEXIST_UCONTEXT_SIZE);
}
// uc_link is unused by the kernel in a signal frame; it carries our dispatch record.
static inline uint64_t *coexist_uc_link(void *ucontext) COEXIST_SIGSAFE {
  return (uint64_t *)&((ucontext_t *)ucontext)->uc_link;
}
static inline uint64_t coexist_uc_fpstate(void *ucontext) COEXIST_SIGSAFE {
  return (uint64_t)((ucontext_t *)ucontext)->uc_mcontext.fpregs;
}

static inline uint64_t coexist_info_address(const siginfo_t *info) COEXIST_SIGSAFE {
  return (uint64_t)info->si_addr;
}
static inline int coexist_info_sender(const siginfo_t *info) COEXIST_SIGSAFE {
  return info->si_pid;
}
// A signal that queues carries its sender in words of siginfo that no signal uses, and that the
// kernel carries along (Linux include/linux/signal_types.h, struct kernel_siginfo).
enum { COEXIST_INFO_LABEL = 4 };  // in words
#define COEXIST_LABEL_MARK 0xC0E515B4u
static inline void coexist_info_set_label(siginfo_t *info, uint64_t label) COEXIST_SIGSAFE {
  ((uint64_t *)info)[COEXIST_INFO_LABEL] = label;
}
#define COEXIST_LABEL_TO_PROCESS 0x10000u  // beside the sender
// The sender, a runtime + 1; 0 = there is none.
static inline uint32_t coexist_label_sender(uint32_t label) COEXIST_SIGSAFE {
  return label & ~COEXIST_LABEL_TO_PROCESS;
}
// What it carries, 0 = nothing, and takes it off.
static inline uint32_t coexist_info_take_label(siginfo_t *info) COEXIST_SIGSAFE {
  uint64_t *word = &((uint64_t *)info)[COEXIST_INFO_LABEL], label = *word;
  if (info->si_code > 0 || label >> 32 != COEXIST_LABEL_MARK) return 0;
  *word = 0;
  return (uint32_t)label;
}
// The descriptor that F_SETSIG's signal tells of (sigaction(2), si_fd).
static inline int coexist_info_descriptor(const siginfo_t *info) COEXIST_SIGSAFE {
  return info->si_fd;
}
// The kernel's timer id: also for SIGEV_THREAD_ID (timer_create(2)).
static inline int coexist_info_timer(const siginfo_t *info) COEXIST_SIGSAFE {
  return info->si_timerid;
}
// As an interval timer's signal: setitimer(2) gives no more than SI_KERNEL.
static inline void coexist_info_interval(siginfo_t *info) COEXIST_SIGSAFE {
  info->si_code = 128;
  info->si_timerid = 0, info->si_overrun = 0, info->si_ptr = 0;
}
// With SA_RESTART the kernel goes back to the `syscall` instruction (0F 05) with its number in rax
// (handle_signal, -ERESTARTSYS). Makes of it what the kernel makes without SA_RESTART.
static inline int coexist_uc_end_call(void *ucontext) COEXIST_SIGSAFE {
  greg_t *registers = ((ucontext_t *)ucontext)->uc_mcontext.gregs;
  const uint8_t *code = (const uint8_t *)registers[REG_RIP];
  if (code[0] != 0x0F || code[1] != 0x05) return 0;
  registers[REG_RAX] = -4;  // EINTR
  registers[REG_RIP] += 2;
  return 1;
}
// Has the signal just ended a system call (0F 05) with EINTR?
static inline int coexist_uc_ended_call(void *ucontext) COEXIST_SIGSAFE {
  greg_t *registers = ((ucontext_t *)ucontext)->uc_mcontext.gregs;
  const uint8_t *code = (const uint8_t *)registers[REG_RIP];
  return registers[REG_RAX] == -4 && code[-2] == 0x0F && code[-1] == 0x05;
}
static inline uint64_t coexist_uc_rax(void *ucontext) COEXIST_SIGSAFE {
  return coexist_uc_registers(ucontext)[REG_RAX];
}
static inline int coexist_registers_differ(const uint64_t *now,
                                           const struct coexist_registers *before)
    COEXIST_SIGSAFE {
  const uint64_t *then = before->before_sp;
  // Most handlers that mend something go on elsewhere.
  if (now[REG_RIP] != before->pc) return 1;
  for (int i = 0; i < COEXIST_REGISTERS_COMPARED; i++)
    if (now[i] != then[i]) return 1;
  return 0;
}

static inline uint64_t coexist_stack_pointer(void) COEXIST_SIGSAFE {
  uint64_t sp;
  __asm__ volatile("mov %%rsp, %0" : "=r"(sp));
  return sp;
}
// Exchanges a word that only this thread fills. One instruction, so its own handlers cannot come in
// between; without the lock prefix, since others only empty it.
static inline int coexist_exchange_own(uint64_t *word, uint64_t expected, uint64_t desired)
    COEXIST_SIGSAFE {
  int is_done;
  __asm__ volatile("cmpxchgq %3, %1"
                   : "=@ccz"(is_done), "+m"(*word), "+a"(expected)
                   : "r"(desired)
                   : "memory");
  return is_done;
}
static inline void coexist_copy(void *to, const void *from, uint64_t size) COEXIST_SIGSAFE {
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
}

// Of a size known to the compiler: vector moves. clang takes a `rep movsb` for more than 128 bytes,
// which is slow to begin, and moves one byte a cycle where the two are aligned differently.
#define COEXIST_PART(size, from) \
  ((size) <= (from) ? 0 : (size) - (from) < 128 ? (size) - (from) : 128)
#define COEXIST_COPY_FIXED(name, size)                                                  \
  static inline void coexist_copy_##name(void *to, const void *from) COEXIST_SIGSAFE {  \
    _Static_assert((size) <= 384, "three parts of 128 bytes");                          \
    char *target = (char *)to;                                                          \
    const char *source = (const char *)from;                                            \
    __builtin_memcpy_inline(target, source, COEXIST_PART(size, 0));                     \
    __builtin_memcpy_inline(target + 128, source + 128, COEXIST_PART(size, 128));       \
    __builtin_memcpy_inline(target + 256, source + 256, COEXIST_PART(size, 256));       \
  }
COEXIST_COPY_FIXED(registers, sizeof(struct coexist_registers))
COEXIST_COPY_FIXED(siginfo, COEXIST_SIGINFO_SIZE)
COEXIST_COPY_FIXED(ucontext, COEXIST_UCONTEXT_SIZE)
#undef COEXIST_COPY_FIXED
#undef COEXIST_PART

// Copies floating-point state, 64 bytes at a time; both places are aligned so, as the kernel's are.
// AVX moves are there when the kernel saved AVX state.
static inline void coexist_copy_fpstate(uint64_t to, uint64_t from, uint64_t size)
    COEXIST_SIGSAFE {
  const uint64_t has_avx = *(const uint64_t *)(from + 472) & 4;  // sw_reserved.xfeatures
  uint64_t at = 0;
  if (size > COEXIST_FXSAVE_SIZE && has_avx != 0) {
    for (; at + 64 <= size; at += 64)
      __asm__ volatile(
          "vmovdqu (%1), %%ymm0\n\tvmovdqu 32(%1), %%ymm1\n\t"
          "vmovdqu %%ymm0, (%0)\n\tvmovdqu %%ymm1, 32(%0)"
          : : "r"(to + at), "r"(from + at) : "xmm0", "xmm1", "memory");
    __asm__ volatile("vzeroupper" : : : "memory");
  }
  coexist_copy((void *)(to + at), (const void *)(from + at), size - at);
}

// Bytes of floating-point state behind a frame: sw_reserved.extended_size when the kernel used
// XSAVE (bytes 464… of the FXSAVE image), else the plain FXSAVE image.
static inline uint64_t coexist_fpstate_size(uint64_t fpstate) COEXIST_SIGSAFE {
  if (fpstate == 0) return 0;
  const uint32_t *reserved = (const uint32_t *)(fpstate + 464);
  return reserved[0] == COEXIST_XSTATE_MAGIC ? reserved[1] : COEXIST_FXSAVE_SIZE;
}

// Room that a whole frame needs below a stack pointer.
static inline uint64_t coexist_frame_size(void *ucontext) COEXIST_SIGSAFE {
  return coexist_fpstate_size(coexist_uc_fpstate(ucontext)) + COEXIST_SIGINFO_SIZE +
         COEXIST_UCONTEXT_SIZE + 192;
}

// Copies ucontext, siginfo and floating-point state below top, as the kernel lays them out. Returns
// the address of the ucontext; the siginfo follows it, the return address goes in front of it.
static inline uint64_t coexist_frame_relocate(uint64_t top, void *ucontext, const void *siginfo)
    COEXIST_SIGSAFE {
  uint64_t fpstate = coexist_uc_fpstate(ucontext);
  uint64_t fpstate_size = coexist_fpstate_size(fpstate);
  uint64_t fpstate_copy = (top - fpstate_size) & ~63ull;
  // The ucontext is 16-byte aligned, as after a call at the handler's entry.
  uint64_t copy =
      (fpstate_copy - COEXIST_SIGINFO_SIZE - COEXIST_UCONTEXT_SIZE) & ~15ull;
  if (fpstate_size != 0) coexist_copy_fpstate(fpstate_copy, fpstate, fpstate_size);
  coexist_copy_ucontext((void *)copy, ucontext);
  coexist_copy_siginfo((void *)(copy + COEXIST_UCONTEXT_SIZE), siginfo);
  if (fpstate_size != 0) ((ucontext_t *)copy)->uc_mcontext.fpregs = (fpregset_t)fpstate_copy;
  return copy;
}

// Raw system calls: libc's wrappers would set another thread's errno and may be interposed.
static inline long coexist_syscall4(long number, long a, long b, long c, long d) COEXIST_SIGSAFE {
  register long r10 __asm__("r10") = d;
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
                   : "rcx", "r11", "memory");
  return result;
}
