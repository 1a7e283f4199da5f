// A fault with a known pattern in every register, to see that handlers get, and the program keeps,
// exactly what the processor held.
#pragma once

#include "support/check.h"
#include "support/fault.h"

#define PATTERN(n) (0x1111111111111111ul * (n))

// Loads the patterns, stores to the address in RDI, and returns how many registers differ after
// the handler. The stack pointer minus 128 .. minus 8 (the red zone) is filled as well.
FAULT(int fault_with_patterns(volatile void *address __attribute__((unused))),
      "push %rbx\n push %rbp\n push %r12\n push %r13\n push %r14\n push %r15\n push %rdi\n"
      ".irp at, 8,16,24,32,40,48,56,64,72,80,88,96,104,112,120,128\n"
      " movq $0x5a5a5a5a, -\\at(%rsp)\n"
      ".endr\n"
      "movabs $0x1111111111111111, %rax\n movabs $0x2222222222222222, %rbx\n"
      "movabs $0x3333333333333333, %rcx\n movabs $0x4444444444444444, %rdx\n"
      "movabs $0x5555555555555555, %rsi\n movabs $0x6666666666666666, %rbp\n"
      "movabs $0x7777777777777777, %r8\n movabs $0x8888888888888888, %r9\n"
      "movabs $0x9999999999999999, %r10\n movabs $0xaaaaaaaaaaaaaaaa, %r11\n"
      "movabs $0xbbbbbbbbbbbbbbbb, %r12\n movabs $0xcccccccccccccccc, %r13\n"
      "movabs $0xdddddddddddddddd, %r14\n movabs $0xeeeeeeeeeeeeeeee, %r15\n"
      "stc\n std\n"
      "movb $1, (%rdi)\n"
      "setnc %dil\n movzbl %dil, %edi\n"           // the carry flag must still be set
      "pushf\n btq $10, (%rsp)\n lea 8(%rsp), %rsp\n cld\n jc 1f\n inc %edi\n1:\n"
      ".irp at, 16,24,32,40,48,56,64,72,80,88,96,104,112,120,128\n"
      " cmpq $0x5a5a5a5a, -\\at(%rsp)\n je 2f\n inc %edi\n2:\n"
      ".endr\n"
      ".macro same register, value\n"
      " movabs $\\value, %rsi\n cmp %rsi, %\\register\n je 3f\n inc %edi\n3:\n"
      ".endm\n"
      "push %rax\n movabs $0x5555555555555555, %rax\n cmp %rax, %rsi\n"
      "je 4f\n inc %edi\n4: pop %rax\n"
      "same rax, 0x1111111111111111\n same rbx, 0x2222222222222222\n"
      "same rcx, 0x3333333333333333\n same rdx, 0x4444444444444444\n"
      "same rbp, 0x6666666666666666\n same r8, 0x7777777777777777\n"
      "same r9, 0x8888888888888888\n same r10, 0x9999999999999999\n"
      "same r11, 0xaaaaaaaaaaaaaaaa\n same r12, 0xbbbbbbbbbbbbbbbb\n"
      "same r13, 0xcccccccccccccccc\n same r14, 0xdddddddddddddddd\n"
      "same r15, 0xeeeeeeeeeeeeeeee\n"
      ".purgem same\n"
      "mov %edi, %eax\n"
      "pop %rdi\n pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbp\n pop %rbx\n ret\n");

// In a handler: the context must hold the patterns.
__attribute__((unused)) static void check_patterns(void *context) {
  CHECK_EQ(REGISTER(context, RAX), PATTERN(1));
  CHECK_EQ(REGISTER(context, RBX), PATTERN(2));
  CHECK_EQ(REGISTER(context, RCX), PATTERN(3));
  CHECK_EQ(REGISTER(context, RDX), PATTERN(4));
  CHECK_EQ(REGISTER(context, RSI), PATTERN(5));
  CHECK_EQ(REGISTER(context, RBP), PATTERN(6));
  CHECK_EQ(REGISTER(context, R8), PATTERN(7));
  CHECK_EQ(REGISTER(context, R9), PATTERN(8));
  CHECK_EQ(REGISTER(context, R10), PATTERN(9));
  CHECK_EQ(REGISTER(context, R11), PATTERN(10));
  CHECK_EQ(REGISTER(context, R12), PATTERN(11));
  CHECK_EQ(REGISTER(context, R13), PATTERN(12));
  CHECK_EQ(REGISTER(context, R14), PATTERN(13));
  CHECK_EQ(REGISTER(context, R15), PATTERN(14));
  CHECK_EQ(REGISTER(context, EFL) & 0x401, 0x401);  // carry and direction
}
