// What TLS descriptors call whose library lies in the static storage: a distance from the thread
// pointer. rax points to the pair of function and argument; it alone is changed (Oliva, Araújo,
// "Thread-Local Storage Descriptors for IA32 and AMD64/EM64T"). The loader's own function returns
// the argument and asks no vector (glibc sysdeps/x86_64/dl-tlsdesc.S, _dl_tlsdesc_return). This
// does the same, unless a context was entered by hand: then its block stands in the vector.
//
// One entry a library, 16 bytes each (COEXIST_DESCRIPTOR_CODE), because the argument stays as it
// is: a thread may be between its look at the function and its look at the argument.
//
// Offsets are those of coexist_descriptor and coexist_tls_self (ccoexist/tls.h).

  .text
  .globl coexist_descriptor_code
  .hidden coexist_descriptor_code
  .type coexist_descriptor_code, @function
  .p2align 4
coexist_descriptor_code:
  .cfi_startproc
  .set slot, 0
  .rept 32                    // COEXIST_DESCRIPTORS_MAX
  .p2align 4
  .cfi_def_cfa_offset 8
  push %rdx
  .cfi_def_cfa_offset 16
  lea coexist_descriptors+32*slot(%rip), %rdx
  jmp follow_context
  .set slot, slot+1
  .endr
follow_context:
  push %rcx
  .cfi_adjust_cfa_offset 8
  push %rsi
  .cfi_adjust_cfa_offset 8
  mov 8(%rax), %rax
  mov coexist_tls_self@GOTTPOFF(%rip), %rcx
  cmpq $0, %fs:32(%rcx)       // entered
  je 1f
  mov %fs:8, %rcx             // the vector; as the loader checks it before each use
  mov 16(%rdx), %rsi
  cmp %rsi, -16(%rcx)         // has it the module?
  jb 1f
  mov 24(%rdx), %rsi
  cmp %rsi, (%rcx)            // since this library has the number?
  jb 1f
  add (%rdx), %rcx
  mov (%rcx), %rcx
  cmp $-1, %rcx               // TLS_DTV_UNALLOCATED
  je 1f
  sub 8(%rdx), %rax
  add %rcx, %rax
  sub %fs:0, %rax
1:
  pop %rsi
  .cfi_adjust_cfa_offset -8
  pop %rcx
  .cfi_adjust_cfa_offset -8
  pop %rdx
  .cfi_adjust_cfa_offset -8
  ret
  .cfi_endproc
  .size coexist_descriptor_code, . - coexist_descriptor_code

  .section .note.GNU-stack, "", @progbits
