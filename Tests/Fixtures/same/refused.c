// A sandbox refuses what the program asks for: each call says so, changes nothing, and leaves *old
// alone. Linux: seccomp(2), SECCOMP_RET_ERRNO.
#include "support/check.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

static void one(int s) { (void)s; }
static void two(int s) { (void)s; }

static void refuse(unsigned call, unsigned error) {
  struct sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog filter = {sizeof program / sizeof program[0], program};
  CHECK_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  CHECK_EQ(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), 0);
}

int main(void) {
  struct sigaction first = {.sa_handler = one}, second = {.sa_handler = two}, old;
  CHECK_EQ(sigaction(SIGSEGV, &first, 0), 0);
  static char memory[2][16384];
  stack_t small = {.ss_sp = memory[0], .ss_size = sizeof memory[0]};
  stack_t other = {.ss_sp = memory[1], .ss_size = sizeof memory[1]};
  CHECK_EQ(sigaltstack(&small, 0), 0);

  refuse(SYS_sigaltstack, ENOMEM);  // as for a stack that is too small for the processor's state
  errno = 0;
  CHECK_EQ(sigaltstack(&other, 0), -1);
  CHECK_EQ(errno, ENOMEM);

  refuse(SYS_rt_sigaction, EPERM);
  memset(&old, 0x5a, sizeof old);
  errno = 0;
  CHECK_EQ(sigaction(SIGSEGV, &second, &old), -1);
  CHECK_EQ(errno, EPERM);
  CHECK_EQ((long)old.sa_restorer, 0x5a5a5a5a5a5a5a5a);
  errno = 0;
  CHECK_EQ(signal(SIGUSR1, one), SIG_ERR);
  CHECK_EQ(errno, EPERM);
}
