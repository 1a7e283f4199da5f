// Yama's scope 1 (kernel.yama.ptrace_scope) lets a task trace its descendants only, unless it is
// named by prctl(PR_SET_PTRACER): a thread that keeps every signal out is stopped there, too, and
// the program's own tracer is named again afterwards. A supervisor plays the kernel's part
// (security/yama/yama_lsm.c yama_ptrace_access_check), so any kernel will do.
// library: alpha = guests/world.c
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include "guests/world.h"
#include "support/check.h"
#include "support/closed.h"

enum { OWN = 1 };  // the process that the program lets trace it
static int volatile tid, listener, named, seized;

// Its filter sends each prctl(PR_SET_PTRACER) and each PTRACE_SEIZE here.
static void *supervise(void *unused) {
  while (listener == 0) usleep(100);
  for (;;) {
    struct seccomp_notif call = {0};
    struct seccomp_notif_resp answer = {0};
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0) continue;
    answer.id = call.id;
    if (call.data.nr == SYS_prctl) {
      named = (int)call.data.args[1];
    } else if ((int)call.pid == named) {
      answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE, seized++;
    } else {
      answer.error = -EPERM;
    }
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
  }
  return unused;
}

// Of this thread and of what it makes.
static void be_supervised(void) {
  enum { FIRST = offsetof(struct seccomp_data, args) };
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 2),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIRST),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PR_SET_PTRACER, 3, 4),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ptrace, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIRST),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PTRACE_SEIZE, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  CHECK_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  int file = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
                          &program);
  CHECK(file > 0);
  listener = file;
}

static void *body(void *unused) {
  CHECK_EQ(set_mask_raw(~0ull), 0);
  tid = gettid();
  while (alpha()->stopped == 0) usleep(1000);
  return unused;
}

int main(void) {
  pthread_t thread, supervisor;
  CHECK_EQ(pthread_create(&supervisor, 0, supervise, 0), 0);
  alpha()->begin();
  CHECK_EQ(pthread_create(&thread, 0, body, 0), 0);
  while (tid == 0) usleep(100);
  be_supervised();
  CHECK_EQ(prctl(PR_SET_PTRACER, OWN, 0, 0, 0), 0);
  alpha()->stop(&thread, 1);
  CHECK_EQ(alpha()->stopped, 1);
  CHECK(seized > 0);
  CHECK_EQ(named, OWN);
  CHECK_EQ(pthread_join(thread, 0), 0);
}
