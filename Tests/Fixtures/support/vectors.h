// The whole vector state: fills it, and counts what a handled fault changed.
#pragma once

#include "support/check.h"
#include "support/fault.h"

#define EACH_16 "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15"

__attribute__((target("avx"), noinline, unused)) static int faults_keep_ymm(volatile void *at) {
  static unsigned char in[16][32], out[16][32];
  for (int n = 0; n < 16 * 32; n++) ((unsigned char *)in)[n] = n * 7 + 1;
  __asm__ volatile(".irp n, " EACH_16 "\n vmovdqu \\n*32(%0), %%ymm\\n\n .endr\n"
                   "movb $1, (%2)\n"
                   ".irp n, " EACH_16 "\n vmovdqu %%ymm\\n, \\n*32(%1)\n .endr\n"
                   :
                   : "r"(in), "r"(out), "D"(at)
                   : "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
                     "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
  return memcmp(in, out, sizeof in) != 0;
}

__attribute__((target("avx512f,avx512bw"), noinline, unused)) static int faults_keep_zmm(
    volatile void *at) {
  static unsigned char in[32][64], out[32][64];
  static unsigned long masks[8];
  for (int n = 0; n < 32 * 64; n++) ((unsigned char *)in)[n] = n * 5 + 3;
  __asm__ volatile(".irp n, " EACH_16 "\n vmovdqu64 \\n*64(%0), %%zmm\\n\n .endr\n"
                   ".irp n, 16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
                   " vmovdqu64 \\n*64(%0), %%zmm\\n\n .endr\n"
                   ".irp n, 1,2,3,4,5,6,7\n kmovq \\n*8(%0), %%k\\n\n .endr\n"
                   "movb $1, (%3)\n"
                   ".irp n, " EACH_16 "\n vmovdqu64 %%zmm\\n, \\n*64(%1)\n .endr\n"
                   ".irp n, 16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
                   " vmovdqu64 %%zmm\\n, \\n*64(%1)\n .endr\n"
                   ".irp n, 1,2,3,4,5,6,7\n kmovq %%k\\n, \\n*8(%2)\n .endr\n"
                   "vzeroupper\n"
                   :
                   : "r"(in), "r"(out), "r"(masks), "D"(at)
                   : "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
                     "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "xmm16",
                     "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24",
                     "xmm25", "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31", "k1", "k2",
                     "k3", "k4", "k5", "k6", "k7");
  return memcmp(in, out, sizeof in) != 0 || memcmp((char *)in + 8, masks + 1, 56) != 0;
}

// What a handler may do to the vector registers.
__attribute__((target("avx"), unused)) static void spoil_vectors(void) {
  __asm__ volatile("vzeroall" ::: "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6",
                   "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}

// Faults with everything that this processor has; 1 = something changed.
__attribute__((unused)) static int faults_spoil_vectors(volatile void *at) {
  int spoiled = 0;
  if (__builtin_cpu_supports("avx")) spoiled |= faults_keep_ymm(at);
  if (__builtin_cpu_supports("avx512bw")) spoiled |= faults_keep_zmm(at);
  return spoiled;
}
