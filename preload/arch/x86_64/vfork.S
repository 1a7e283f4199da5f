// vfork(2): the child borrows our memory, so the thread is marked until the parent runs again.
// It returns twice on one stack, which no C function can: the return address waits in a register.
// Source: glibc sysdeps/unix/sysv/linux/x86_64/vfork.S.

  .text
  .globl vfork
  .type vfork, @function
vfork:
  .cfi_startproc
  sub $8, %rsp
  .cfi_adjust_cfa_offset 8
  mov 8(%rsp), %rdi
  call coexist_vfork_begins
  add $8, %rsp
  .cfi_adjust_cfa_offset -8
  pop %rdi
  .cfi_adjust_cfa_offset -8
  .cfi_register %rip, %rdi
  mov coexist_vfork_mark@GOTTPOFF(%rip), %rsi
  mov %fs:(%rsi), %edx
  test %edx, %edx  // not 0 in a child of vfork that itself calls vfork
  jne 3f
  movl $1, %fs:(%rsi)
3:
  mov $58, %eax
  syscall
  push %rdi
  .cfi_adjust_cfa_offset 8
  .cfi_offset %rip, -8
  test %eax, %eax
  je 1f
  mov %edx, %fs:(%rsi)
  mov %rdi, %rsi
  mov %eax, %edi
  push %rax
  .cfi_adjust_cfa_offset 8
  call coexist_vfork_made
  pop %rax
  .cfi_adjust_cfa_offset -8
  cmp $-4095, %eax
  jae 2f
1:
  ret
2:
  neg %eax
  push %rax
  .cfi_adjust_cfa_offset 8
  call __errno_location@PLT
  pop %rcx
  .cfi_adjust_cfa_offset -8
  mov %ecx, (%rax)
  mov $-1, %eax
  ret
  .cfi_endproc
  .size vfork, . - vfork
  .globl __vfork
  .set __vfork, vfork

  .section .note.GNU-stack, "", @progbits
