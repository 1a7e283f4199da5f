// Every name under which libc sets a disposition: what it returns and what the kernel then holds.
// glibc signal/, sysdeps/posix/{signal,sigset,sigignore,siginterrupt,sysv_signal}.c.
// flags: -Wno-deprecated-declarations
#include "support/check.h"
#include "support/kernel.h"

typedef void (*handler)(int);
handler bsd_signal(int, handler);
handler ssignal(int, handler);
handler __sysv_signal(int, handler);
int __sigaction(int, const struct sigaction *, struct sigaction *);

static void one(int s) { (void)s; }
static void two(int s) { (void)s; }

static const char *name(handler h) {
  return h == SIG_DFL    ? "DFL"
         : h == SIG_IGN  ? "IGN"
         : h == SIG_ERR  ? "ERR"
         : h == SIG_HOLD ? "HOLD"
         : h == one      ? "one"
         : h == two      ? "two"
                         : "other";
}

int main(void) {
  struct { const char *name; handler (*set)(int, handler); } all[] = {
      {"signal", signal},           {"bsd_signal", bsd_signal},
      {"ssignal", ssignal},         {"sysv_signal", sysv_signal},
      {"__sysv_signal", __sysv_signal}, {"sigset", sigset},
  };
  handler values[] = {one, two, SIG_IGN, SIG_DFL, one, SIG_HOLD, two, SIG_ERR, SIG_DFL};
  int signals[] = {SIGSEGV, SIGFPE, SIGABRT, SIGUSR2, 0, 65, SIGKILL, 32};
  for (unsigned a = 0; a < sizeof all / sizeof *all; a++)
    for (unsigned s = 0; s < 8; s++)
      for (unsigned v = 0; v < 9; v++) {
        errno = 0;
        const char *old = name(all[a].set(signals[s], values[v]));
        printf("%s(%d, %s) = %s, %s; blocked %#lx; ", all[a].name, signals[s], name(values[v]), old,
               strerror(errno), kernel_mask());
        if (signals[s] > 0 && signals[s] < 65) print_kernel_action("", signals[s]);
      }
  for (unsigned s = 0; s < 8; s++) {  // signal() asks siginterrupt's set for SA_RESTART
    printf("siginterrupt %d ", siginterrupt(signals[s], 1));
    signal(signals[s], one);
    print_kernel_action("interrupting", signals[s]);
    printf("siginterrupt %d ", siginterrupt(signals[s], 0));
    print_kernel_action("restarting", signals[s]);
    printf("sigignore %d ", sigignore(signals[s]));
    print_kernel_action("ignored", signals[s]);
  }
  struct sigaction new = {.sa_handler = two, .sa_flags = SA_NODEFER}, old;
  CHECK_EQ(__sigaction(SIGSEGV, &new, &old), 0);
  printf("__sigaction %s\n", name(old.sa_handler));
  print_kernel_action("__sigaction", SIGSEGV);
}
