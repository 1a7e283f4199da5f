// int __sigsetjmp(buffer, saves): returns twice, so it is not called but jumped to.

  .text
  .globl __sigsetjmp
  .type __sigsetjmp, @function
__sigsetjmp:
  .cfi_startproc
  push %rdi
  .cfi_adjust_cfa_offset 8
  push %rsi
  .cfi_adjust_cfa_offset 8
  sub $8, %rsp
  .cfi_adjust_cfa_offset 8
  call coexist_note_jump
  add $8, %rsp
  .cfi_adjust_cfa_offset -8
  pop %rsi
  .cfi_adjust_cfa_offset -8
  pop %rdi
  .cfi_adjust_cfa_offset -8
  jmp *coexist_real_sigsetjmp(%rip)
  .cfi_endproc
  .size __sigsetjmp, . - __sigsetjmp

  .section .note.GNU-stack, "", @progbits
