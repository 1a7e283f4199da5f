// See renumbered.h.
#include "guests/renumbered.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "support/check.h"

static sigset_t only(int number) {
  sigset_t set;
  sigemptyset(&set), sigaddset(&set, number);
  return set;
}
static int is_only(const sigset_t *set, int number) {
  uint64_t word;
  memcpy(&word, set, sizeof word);
  return word == 1ull << (number - 1);
}

static void wait_for(int number) {
  sigset_t set = only(number);
  CHECK_EQ(pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
  for (int i = 1; i <= 20; i++) {
    union sigval value = {.sival_int = i};
    CHECK_EQ(i <= 10 ? pthread_sigqueue(pthread_self(), number, value)
                     : sigqueue(getpid(), number, value), 0);
  }
  siginfo_t info;
  for (int i = 1; i <= 20; i++) {
    CHECK_EQ(sigtimedwait(&set, &info, &(struct timespec){5, 0}), number);
    CHECK_EQ(info.si_signo, number);
    CHECK_EQ(info.si_value.sival_int, i);
  }
  CHECK_EQ(sigtimedwait(&set, &info, &(struct timespec){0, 0}), -1);
  CHECK_EQ(pthread_sigmask(SIG_SETMASK, NULL, &set), 0);
  CHECK_EQ(is_only(&set, number), 1);
  CHECK_EQ(pthread_sigmask(SIG_UNBLOCK, &set, NULL), 0);
}

static volatile int got, code, blocks, waits;
static int expected;
static void handler(int signal, siginfo_t *info, void *context) {
  ucontext_t *around = context;
  CHECK_EQ(signal, expected);
  CHECK_EQ(info->si_signo, expected);
  CHECK_EQ(sigismember(&around->uc_sigmask, expected), waits);
  sigset_t now;
  CHECK_EQ(pthread_sigmask(SIG_BLOCK, NULL, &now), 0);
  CHECK_EQ(sigismember(&now, expected), 1);
  if (blocks) sigaddset(&around->uc_sigmask, expected);
  code = info->si_code, got++;
}
static void handles(int number) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO}, back;
  sigset_t none, now;
  expected = number, got = 0, sigemptyset(&none);
  CHECK_EQ(pthread_sigmask(SIG_SETMASK, &none, NULL), 0);
  action.sa_mask = only(number);
  CHECK_EQ(sigaction(number, &action, NULL), 0);
  CHECK_EQ(sigaction(number, NULL, &back), 0);
  CHECK_EQ((long)back.sa_sigaction, (long)handler);
  CHECK_EQ(is_only(&back.sa_mask, number), 1);
  CHECK_EQ(raise(number), 0);
  CHECK_EQ(got, 1);
  CHECK_EQ(kill(getpid(), number), 0);
  CHECK_EQ(syscall(SYS_tgkill, getpid(), gettid(), number), 0);
  CHECK_EQ(got, 3);
  int file = (int)syscall(SYS_pidfd_open, getpid(), 0);
  CHECK_EQ(syscall(SYS_pidfd_send_signal, file, number, NULL, 0), 0);
  close(file);
  CHECK_EQ(got, 4);
  blocks = 1;
  CHECK_EQ(raise(number), 0);
  CHECK_EQ(pthread_sigmask(SIG_SETMASK, NULL, &now), 0);
  CHECK_EQ(is_only(&now, number), 1);
  CHECK_EQ(raise(number), 0);
  CHECK_EQ(got, 5);
  CHECK_EQ(sigpending(&now), 0);
  CHECK_EQ(is_only(&now, number), 1);
  blocks = 0, waits = 1;
  CHECK_EQ(sigsuspend(&none), -1);
  CHECK_EQ(got, 6);
  waits = 0;
  CHECK_EQ(pthread_sigmask(SIG_SETMASK, &none, NULL), 0);
}

static void asks(int number) {
  int ends[2], is = 0;
  got = 0;
  CHECK_EQ(pipe(ends), 0);
  CHECK_EQ(fcntl(ends[0], F_SETSIG, number), 0);
  CHECK_EQ(fcntl(ends[0], F_GETSIG), number);
  CHECK_EQ(fcntl(ends[0], F_SETOWN, getpid()), 0);
  CHECK_EQ(fcntl(ends[0], F_SETFL, O_ASYNC), 0);
  CHECK_EQ(write(ends[1], "x", 1), 1);
  for (int i = 0; i < 5000 && got == 0; i++) usleep(1000);
  CHECK_EQ(got, 1);
  CHECK_EQ(code, 1);  // POLL_IN
  close(ends[0]), close(ends[1]);
  CHECK_EQ(prctl(PR_SET_PDEATHSIG, number), 0);
  CHECK_EQ(prctl(PR_GET_PDEATHSIG, &is), 0);
  CHECK_EQ(is, number);
  CHECK_EQ(prctl(PR_SET_PDEATHSIG, 0), 0);
}

static int status_of(pid_t child) {
  int status = -1;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return status;
}
static void dies(int number, char *program) {
  pid_t child = fork();
  if (child == 0) {
    signal(number, SIG_DFL);
    raise(number);
    _exit(1);
  }
  CHECK_EQ(status_of(child), number);  // WTERMSIG
  char text[4] = {(char)('0' + number / 10), (char)('0' + number % 10)};
  char *words[] = {program, text, NULL};
  for (int way = 0; way < 2; way++) {
    child = way == 0 ? fork() : vfork();
    if (child == 0) {
      sigset_t set = only(number);
      pthread_sigmask(SIG_BLOCK, &set, NULL);
      signal(number, SIG_IGN);
      execv(program, words);
      _exit(1);
    }
    CHECK_EQ(status_of(child), 0);
  }
}

static struct renumbered self = {wait_for, handles, asks, dies};
struct renumbered *NAME(void) { return &self; }
