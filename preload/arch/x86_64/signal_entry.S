// Where the kernel enters our handler, where a guest's handler returns to, and how we leave.
// Source of the frame layout and the unwind rows: Linux arch/x86/kernel/signal_64.c, glibc
// sysdeps/unix/sysv/linux/x86_64/libc_sigaction.c (__restore_rt).

  .text

// A thread that runs under a donor's FS base (donor.h) gets its own back: r8 = the donor, 0 = none.
// Offsets are those of coexist_tls_self and coexist_donor. Changes rax and r8 only.
  .macro take_own_base
  mov coexist_tls_self@GOTTPOFF(%rip), %rax
  mov %fs:80(%rax), %r8
  test %r8, %r8
  je 9f
  mov (%r8), %rax
  cmp %fs:0, %rax
  jne 8f
  mov 16(%r8), %rax
  test %rax, %rax
  je 8f
  wrfsbase %rax
  jmp 9f
8:
  xor %r8d, %r8d
9:
  .endm

// rdi signal, rsi siginfo, rdx ucontext; rsp = return address word of the kernel's frame.
  .globl coexist_signal_entry
  .hidden coexist_signal_entry
  .type coexist_signal_entry, @function
coexist_signal_entry:
  .cfi_startproc
  mov %rsp, %rcx
  sub $8, %rsp
  .cfi_adjust_cfa_offset 8
  take_own_base
  call coexist_core_dispatch
  jmp leave
  .cfi_endproc
  .size coexist_signal_entry, . - coexist_signal_entry

// struct coexist_next: rax = struct coexist_jump *, or a ucontext with bit 0 set; NULL: who called
// is no kernel. rdx = the FS base to load, or 0. Nothing of ours stays on the stack that we leave.
leave:
  test %rdx, %rdx
  je 3f
  wrfsbase %rdx
3:
  test %rax, %rax
  je 2f
  test $1, %al
  jne 1f
  mov %rax, %r8
  mov 8(%rax), %rsp
  jmp enter_handler
1:
  lea -9(%rax), %rsp
  jmp coexist_sigreturn
2:
  add $8, %rsp
  ret

// Debuggers and libgcc see a signal frame here: the registers of the interrupted instruction lie in
// the ucontext that rsp points at. The rows must begin before the address that a handler
// returns to.
// DW_CFA_expression(reg): DW_OP_breg7 (rsp) offset. uc_mcontext begins at 40.
#define SAVED(number, offset)                                                                  \
  .cfi_escape 0x10, number, 3, 0x77, ((offset) & 0x7F) | 0x80, (offset) >> 7

  .cfi_startproc
  .cfi_signal_frame
  // CFA: DW_OP_breg7 160 (REG_RSP), DW_OP_deref.
  .cfi_escape 0x0F, 4, 0x77, 0xA0, 0x01, 0x06
  SAVED(8, 40)    // r8
  SAVED(9, 48)
  SAVED(10, 56)
  SAVED(11, 64)
  SAVED(12, 72)
  SAVED(13, 80)
  SAVED(14, 88)
  SAVED(15, 96)   // r15
  SAVED(5, 104)   // rdi
  SAVED(4, 112)   // rsi
  SAVED(6, 120)   // rbp
  SAVED(3, 128)   // rbx
  SAVED(1, 136)   // rdx
  SAVED(0, 144)   // rax
  SAVED(2, 152)   // rcx
  SAVED(7, 160)   // rsp
  SAVED(16, 168)  // rip
// r8 = struct coexist_jump *, which the system call leaves alone. A signal that it lets in is
// delivered below this stack pointer, or at the top of an alternate stack that holds nothing of
// ours any more.
enter_handler:
  cmpq $0, 48(%r8)
  je 2f
  mov $14, %eax      // rt_sigprocmask
  mov $2, %edi       // SIG_SETMASK
  lea 40(%r8), %rsi
  xor %edx, %edx
  mov $8, %r10d
  syscall
2:
  mov 0(%r8), %r11
  mov 16(%r8), %rdi
  mov 24(%r8), %rsi
  mov 32(%r8), %rdx
  xor %eax, %eax
// A call, so that the processor predicts the handler's return: behind a jump it would take one of
// the kernel's return addresses, and the kernel's own returns come out of step (0.1 to 0.2 µs).
  call *%r11
  .globl coexist_restorer
  .hidden coexist_restorer
  .type coexist_restorer, @function
coexist_restorer:
  take_own_base
  mov %rsp, %rdi
  call coexist_core_returned
  jmp leave
  .size coexist_restorer, . - coexist_restorer
// Entered through leave: the ucontext lies above the return address word.
  .globl coexist_sigreturn
  .hidden coexist_sigreturn
  .type coexist_sigreturn, @function
coexist_sigreturn:
  add $8, %rsp
  mov $15, %rax
  syscall
  .size coexist_sigreturn, . - coexist_sigreturn
  .cfi_endproc

// uint64_t coexist_call_as(void *fn, a, b, c, gadget): preload.h.
  .globl coexist_call_as
  .hidden coexist_call_as
  .type coexist_call_as, @function
coexist_call_as:
  .cfi_startproc
  lea 1f(%rip), %rax
  push %rax
  .cfi_adjust_cfa_offset 8
  push %r8
  .cfi_adjust_cfa_offset 8
  mov %rdi, %r11
  mov %rsi, %rdi
  mov %rdx, %rsi
  mov %rcx, %rdx
  jmp *%r11
1:
  .cfi_def_cfa_offset 8
  ret
  .cfi_endproc
  .size coexist_call_as, . - coexist_call_as

  .section .note.GNU-stack, "", @progbits
