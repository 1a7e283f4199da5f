// __tls_get_addr(3): where a thread-local variable of general-dynamic code is. rdi points to a
// tls_index: module id, offset. Callers may have a misaligned stack (GCC PR 58066).
//
// The version must be the loader's own: a reference to __tls_get_addr@GLIBC_2.3 binds to no other
// (glibc elf/dl-lookup.c).
//
// Each taken branch costs a cycle: the thread's own state, which is the rule, takes one, and a
// context's takes one.
//
// Offsets are those of coexist_tls_self, coexist_context and coexist_blocks (ccoexist/tls.h).

  .text
  .globl __tls_get_addr
  .type __tls_get_addr, @function
  .p2align 5
__tls_get_addr:
  .cfi_startproc
  mov coexist_tls_self@GOTTPOFF(%rip), %rdx
  mov %rsp, %rax
  sub %fs:(%rdx), %rax
  cmp %fs:8(%rdx), %rax
  jae 1f
2:
  jmp *coexist_real_tls_get_addr(%rip)
1:
  cmp %fs:16(%rdx), %rax
  jae 3f
  mov %fs:24(%rdx), %rax
  mov %fs:(%rdx), %rdx
  cmp 8(%rax), %rdx           // is it still the context of this stack?
  jne 3f
  mov (%rdi), %rdx
  mov (%rax), %rax
  cmp (%rax), %rdx
  jae 3f
  mov 16(%rax,%rdx,8), %rax
  cmp $1, %rax
  jbe 4f
  add 8(%rdi), %rax
  ret
4:
  jae 2b
3:
  push %rbp
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset %rbp, 0
  mov %rsp, %rbp
  .cfi_def_cfa_register %rbp
  // Compilers take this for a call of any function, but JITs may know libc's, which keeps these.
  push %rdi
  push %rsi
  push %rcx
  push %r8
  push %r9
  push %r10
  push %r11
  and $-16, %rsp
  mov %rbp, %rsi
  call coexist_core_tls_address
  mov -8(%rbp), %rdi
  mov -16(%rbp), %rsi
  mov -24(%rbp), %rcx
  mov -32(%rbp), %r8
  mov -40(%rbp), %r9
  mov -48(%rbp), %r10
  mov -56(%rbp), %r11
  leave
  .cfi_def_cfa %rsp, 8
  .cfi_restore %rbp
  test %rax, %rax
  je 2b
  ret
  .cfi_endproc
  .size __tls_get_addr, . - __tls_get_addr

// Until the constructor has found libc's: find it, then go there.
  .type first_use, @function
first_use:
  .cfi_startproc
  push %rbp
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset %rbp, 0
  mov %rsp, %rbp
  .cfi_def_cfa_register %rbp
  push %rdi
  and $-16, %rsp
  call coexist_resolve
  mov -8(%rbp), %rdi
  leave
  .cfi_def_cfa %rsp, 8
  jmp *coexist_real_tls_get_addr(%rip)
  .cfi_endproc
  .size first_use, . - first_use

  .data
  .globl coexist_real_tls_get_addr
  .hidden coexist_real_tls_get_addr
  .type coexist_real_tls_get_addr, @object
  .size coexist_real_tls_get_addr, 8
  .p2align 3
coexist_real_tls_get_addr:
  .quad first_use

  .section .note.GNU-stack, "", @progbits
