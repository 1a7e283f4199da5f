// void *coexist_call_on(uint64_t top, void *(*function)(void *), void *argument): calls it on
// another stack. The unwinder stops here, as at a thread's first frame.

  .text
  .globl coexist_call_on
  .hidden coexist_call_on
  .type coexist_call_on, @function
coexist_call_on:
  .cfi_startproc
  push %rbp
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset %rbp, 0
  mov %rsp, %rbp
  .cfi_def_cfa_register %rbp
  mov %rdi, %rsp
  mov %rdx, %rdi
  .cfi_remember_state
  .cfi_undefined %rip
  call *%rsi
  nop
  .cfi_restore_state
  mov %rbp, %rsp
  pop %rbp
  .cfi_def_cfa %rsp, 8
  ret
  .cfi_endproc
  .size coexist_call_on, . - coexist_call_on

  .section .note.GNU-stack, "", @progbits
