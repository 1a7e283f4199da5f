// The end of a fiber that makecontext(3) made, and Boost.Context's switch.

  .text
// Instead of libc's __start_context: a fiber's function returned here. The stack pointer is at the
// uc_link that libc left (glibc sysdeps/unix/sysv/linux/x86_64/__start_context.S); rbx is libc's.
  .globl coexist_fiber_ended
  .hidden coexist_fiber_ended
  .type coexist_fiber_ended, @function
coexist_fiber_ended:
  .cfi_startproc
  .cfi_undefined %rip
  mov %rsp, %rdi
  mov %rsp, %rbp
  and $-16, %rsp
  call coexist_fiber_end
  mov %rbp, %rsp
  jmp *coexist_fiber_rest(%rip)
  .cfi_endproc
  .size coexist_fiber_ended, . - coexist_fiber_ended

  .section .note.GNU-stack, "", @progbits
