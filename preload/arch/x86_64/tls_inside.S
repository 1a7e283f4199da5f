// __tls_get_addr(3) inside a container that shares a library with thread-local variables: the
// module of the library's proxy is exchanged for the library's own (container_variables.c). Keeps
// the registers that libc's keeps.

  .text
  .globl coexist_tls_get_addr_inside
  .hidden coexist_tls_get_addr_inside
  .type coexist_tls_get_addr_inside, @function
  .p2align 5
coexist_tls_get_addr_inside:
  .cfi_startproc
  mov (%rdi), %rax
  cmp $1024, %rax             // COEXIST_FORWARDED_MAX
  jae 1f
  lea coexist_forwarded(%rip), %rdx
  mov (%rdx,%rax,8), %rdx
  test %rdx, %rdx
  jne 2f
1:
  jmp *__tls_get_addr@GOTPCREL(%rip)
2:
  push %rdi
  .cfi_adjust_cfa_offset 8
  push 8(%rdi)                // a tls_index: module id, offset
  .cfi_adjust_cfa_offset 8
  push %rdx
  .cfi_adjust_cfa_offset 8
  mov %rsp, %rdi
  call *__tls_get_addr@GOTPCREL(%rip)
  add $16, %rsp
  .cfi_adjust_cfa_offset -16
  pop %rdi
  .cfi_adjust_cfa_offset -8
  ret
  .cfi_endproc
  .size coexist_tls_get_addr_inside, . - coexist_tls_get_addr_inside

  .section .note.GNU-stack, "", @progbits
