// Blocked fault signals that are sent stay pending and are taken by sigwait, sigtimedwait and
// signalfd, without the handler (sigwait(3), signalfd(2)).
#include <sys/signalfd.h>
#include "support/check.h"
#include "support/kernel.h"

static void handler(int s) { printf("handler of %d\n", s); }

int main(void) {
  int signals[] = {SIGSEGV, SIGTRAP, SIGABRT, SIGUSR1};
  for (int n = 0; n < 4; n++) {
    int number = signals[n], taken = 0;
    signal(number, handler);
    sigset_t set, pending;
    sigemptyset(&set);
    sigaddset(&set, number);
    sigprocmask(SIG_BLOCK, &set, 0);
    raise(number);
    sigpending(&pending);
    CHECK(sigismember(&pending, number));
    CHECK_EQ(sigwait(&set, &taken), 0);
    CHECK_EQ(taken, number);
    kill(getpid(), number);
    siginfo_t info;
    struct timespec second = {1, 0};
    CHECK_EQ(sigtimedwait(&set, &info, &second), number);
    CHECK_EQ(info.si_code, SI_USER);
    int file = signalfd(-1, &set, 0);
    struct signalfd_siginfo read_info;
    raise(number);
    CHECK_EQ(read(file, &read_info, sizeof read_info), sizeof read_info);
    CHECK_EQ(read_info.ssi_signo, number);
    close(file);
    raise(number);
    sigset_t none;
    sigemptyset(&none);
    errno = 0;
    CHECK_EQ(sigsuspend(&none), -1);
    CHECK_EQ(errno, EINTR);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &set, 0);
  }
}
