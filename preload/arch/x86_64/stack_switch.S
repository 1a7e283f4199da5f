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

// void *coexist_call_lent(top, function, argument, struct coexist_donor *donor): the same with the
// donor's FS base. The base to come back to is in the donor, where whoever resumes the call on
// another thread writes that thread's; on the stack it would be a former one's. Before it is
// loaded, what was sent to the donor must have come (coexist_donor_settles).
  .globl coexist_call_lent
  .hidden coexist_call_lent
  .type coexist_call_lent, @function
coexist_call_lent:
  .cfi_startproc
  push %rbp
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset %rbp, 0
  mov %rsp, %rbp
  .cfi_def_cfa_register %rbp
  push %rbx
  push %r12
  .cfi_offset %rbx, -24
  .cfi_offset %r12, -32
  mov %rcx, %rbx
  mov %rdi, %rsp
  mov %rdx, %rdi
  mov (%rbx), %rax
  wrfsbase %rax
  .cfi_remember_state
  .cfi_undefined %rip
  call *%rsi
  nop
  .cfi_restore_state
  mov %rax, %r12
  movl $1, 100(%rbx)
  cmpq $0, 80(%rbx)
  jne 2f
1:
  mov 8(%rbx), %rax
  wrfsbase %rax
  mov %r12, %rax
  lea -16(%rbp), %rsp
  pop %r12
  pop %rbx
  pop %rbp
  .cfi_def_cfa %rsp, 8
  ret
2:
  .cfi_def_cfa %rbp, 16
  mov %rbx, %rdi
  call coexist_donor_settles
  jmp 1b
  .cfi_endproc
  .size coexist_call_lent, . - coexist_call_lent

  .section .note.GNU-stack, "", @progbits
