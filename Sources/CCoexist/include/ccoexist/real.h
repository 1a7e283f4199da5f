// libc's own functions, found once by the constructor (preload/init.c). Tests put fakes here.
#pragma once

#include <dlfcn.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <pty.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <ccoexist/sigsafe.h>

struct coexist_real {
  int (*sigaction)(int, const struct sigaction *, struct sigaction *);
  int (*sigaltstack)(const stack_t *, stack_t *);
  int (*siginterrupt)(int, int);
  int (*pthread_sigmask)(int, const sigset_t *, sigset_t *);
  int (*sigprocmask)(int, const sigset_t *, sigset_t *);
  int (*sigsuspend)(const sigset_t *);
  int (*sigtimedwait)(const sigset_t *, siginfo_t *, const struct timespec *);
  int (*signalfd)(int, const sigset_t *, int);
  int (*sigpending)(sigset_t *);
  ssize_t (*read)(int, void *, size_t);
  ssize_t (*__read_chk)(int, void *, size_t, size_t);
  int (*ppoll)(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *);
  int (*pselect)(int, fd_set *, fd_set *, fd_set *, const struct timespec *, const sigset_t *);
  int (*epoll_pwait)(int, struct epoll_event *, int, int, const sigset_t *);
  int (*epoll_pwait2)(int, struct epoll_event *, int, const struct timespec *, const sigset_t *);
  int (*timer_create)(clockid_t, struct sigevent *, timer_t *);
  int (*fcntl)(int, int, ...);
  int (*prctl)(int, ...);
  int (*mq_notify)(mqd_t, const struct sigevent *);
  int (*setitimer)(__itimer_which_t, const struct itimerval *, struct itimerval *);
  int (*getitimer)(__itimer_which_t, struct itimerval *);
  int (*raise)(int);
  int (*kill)(pid_t, int);
  int (*killpg)(pid_t, int);
  int (*tgkill)(pid_t, pid_t, int);
  int (*pthread_kill)(pthread_t, int);
  int (*pthread_sigqueue)(pthread_t, int, const union sigval);
  int (*sigqueue)(pid_t, int, const union sigval);
  void (*abort)(void);
  long (*syscall)(long, ...);
  void (*longjmp)(struct __jmp_buf_tag *, int);
  void (*__longjmp_chk)(struct __jmp_buf_tag *, int);
  int (*execve)(const char *, char *const *, char *const *);
  int (*execvpe)(const char *, char *const *, char *const *);
  int (*fexecve)(int, char *const *, char *const *);
  int (*execveat)(int, const char *, char *const *, char *const *, int);
  int (*posix_spawn)(pid_t *, const char *, const posix_spawn_file_actions_t *,
                     const posix_spawnattr_t *, char *const *, char *const *);
  int (*posix_spawnp)(pid_t *, const char *, const posix_spawn_file_actions_t *,
                      const posix_spawnattr_t *, char *const *, char *const *);
  pid_t (*fork)(void);
  int (*forkpty)(int *, char *, const struct termios *, const struct winsize *);
  int (*system)(const char *);
  FILE *(*popen)(const char *, const char *);
  pid_t (*wait4)(pid_t, int *, int, struct rusage *);
  int (*waitid)(idtype_t, id_t, siginfo_t *, int);
  int (*pthread_create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
  int (*thrd_create)(pthread_t *, int (*)(void *), void *);
  void *(*dlopen)(const char *, int);
  void *(*dlmopen)(Lmid_t, const char *, int);
  int (*dlclose)(void *);
  void *(*dlsym)(void *, const char *);
  void *(*dlvsym)(void *, const char *, const char *);
  void *(*mmap)(void *, size_t, int, int, int, off_t);
  int (*munmap)(void *, size_t);
  int (*mprotect)(void *, size_t, int);
  int (*pkey_mprotect)(void *, size_t, int, int);
  void *(*mremap)(void *, size_t, size_t, int, ...);
  void (*makecontext)(ucontext_t *, void (*)(void), int, ...);
  int (*swapcontext)(ucontext_t *, const ucontext_t *);
  int (*setcontext)(const ucontext_t *);
  int (*pthread_key_create)(pthread_key_t *, void (*)(void *));
  int (*pthread_key_delete)(pthread_key_t);
  void *(*pthread_getspecific)(pthread_key_t);
  int (*pthread_setspecific)(pthread_key_t, const void *);
  int (*pthread_getattr_np)(pthread_t, pthread_attr_t *);
  void (*pthread_exit)(void *);
  int (*setuid)(uid_t);
  int (*setgid)(gid_t);
  int (*seteuid)(uid_t);
  int (*setegid)(gid_t);
  int (*setreuid)(uid_t, uid_t);
  int (*setregid)(gid_t, gid_t);
  int (*setresuid)(uid_t, uid_t, uid_t);
  int (*setresgid)(gid_t, gid_t, gid_t);
  int (*setgroups)(size_t, const gid_t *);
  int (*__cxa_thread_atexit_impl)(void (*)(void *), void *, void *);
  int (*__register_atfork)(void (*)(void), void (*)(void), void (*)(void), void *);
};
extern struct coexist_real coexist_real;

// libc wraps the bare system call here and takes no lock; the type system can't know it.
static inline int coexist_real_sigaction(int signal, const struct sigaction *act,
                                         struct sigaction *old) COEXIST_SIGSAFE {
  typedef int (*safe)(int, const struct sigaction *, struct sigaction *) COEXIST_SIGSAFE;
  return ((safe)coexist_real.sigaction)(signal, act, old);
}
static inline void *coexist_real_getspecific(pthread_key_t key) {
  return coexist_real.pthread_getspecific(key);
}
static inline int coexist_real_sigaltstack(const stack_t *stack, stack_t *old) COEXIST_SIGSAFE {
  typedef int (*safe)(const stack_t *, stack_t *) COEXIST_SIGSAFE;
  return ((safe)coexist_real.sigaltstack)(stack, old);
}
