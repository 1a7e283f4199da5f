// The constructor: real functions, configuration, publication, then the core.
#include "preload.h"

#include <ccoexist/catalogue.h>
#include <ccoexist/elf.h>
#include <ccoexist/rcu.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "container.h"
#include "loader.h"
#include "start.h"

extern const char *gnu_get_libc_version(void);  // <gnu/libc-version.h>
int coexist_active;

EXPORT const char *coexist_version(void) { return COEXIST_VERSION; }

void coexist_resolve(void) {
  // dlsym itself is one of our names, so the first look-up reads libc's symbol table. libc is known
  // by a function that nobody stands in front of: libfaketime has a getpid of its own.
  struct coexist_object libc = coexist_object_at((uint64_t)gnu_get_libc_version);
  void *(*find)(void *, const char *) = (void *)coexist_object_symbol(libc.map, "dlsym");
  if (find == NULL) coexist_fatal("libc's dlsym was not found; is this glibc 2.35 or newer?");
#define REAL(name) coexist_real.name = (__typeof__(coexist_real.name))find(RTLD_NEXT, #name)
  coexist_real.dlsym = find;
  REAL(sigaltstack), REAL(siginterrupt), REAL(raise), REAL(kill), REAL(killpg), REAL(tgkill);
  REAL(pthread_kill), REAL(pthread_sigqueue), REAL(sigqueue), REAL(abort), REAL(syscall);
  REAL(pthread_sigmask), REAL(sigprocmask), REAL(sigsuspend);
  REAL(sigtimedwait), REAL(signalfd), REAL(read), REAL(__read_chk), REAL(sigpending);
  REAL(ppoll), REAL(pselect);
  REAL(epoll_pwait), REAL(epoll_pwait2), REAL(timer_create);
  REAL(setitimer), REAL(getitimer), REAL(fcntl), REAL(prctl), REAL(mq_notify);
  coexist_real_sigsetjmp = find(RTLD_NEXT, "__sigsetjmp");
  REAL(longjmp), REAL(__longjmp_chk);
  REAL(execve), REAL(execvpe), REAL(fexecve), REAL(execveat), REAL(posix_spawn), REAL(posix_spawnp);
  REAL(fork), REAL(forkpty), REAL(system), REAL(popen), REAL(wait4), REAL(waitid);
  REAL(pthread_create), REAL(thrd_create), REAL(dlopen), REAL(dlmopen), REAL(dlclose), REAL(dlvsym);
  REAL(mmap), REAL(munmap), REAL(mprotect), REAL(pkey_mprotect), REAL(mremap);
  REAL(makecontext), REAL(swapcontext), REAL(setcontext), REAL(pthread_key_create);
  REAL(pthread_key_delete), REAL(pthread_getspecific), REAL(pthread_setspecific);
  REAL(__cxa_thread_atexit_impl), REAL(pthread_getattr_np), REAL(pthread_exit);
  REAL(__register_atfork);
  REAL(setuid), REAL(setgid), REAL(seteuid), REAL(setegid), REAL(setreuid), REAL(setregid);
  REAL(setresuid), REAL(setresgid), REAL(setgroups);
  coexist_real_tls_get_addr = (void *(*)(void *))find(RTLD_NEXT, "__tls_get_addr");
  coexist_loader_names_start();
  REAL(sigaction);  // last: its presence says that the others are there
#undef REAL
}

static void forked(void) {
  if (!coexist_active) return;
  coexist_unregistered = 0;  // the readers it counted were other threads
  coexist_state_fork();
  coexist_core_forked();
  coexist_container_forked();
}

// Children get our name out of LD_PRELOAD by overwriting it in place: unsetenv would move the
// environment, which some programs find again by its address.
static void strip_from_children(void) {
  char *list = getenv("LD_PRELOAD");
  if (list == NULL) return;
  for (char *item = list; *item != 0;) {
    size_t length = strcspn(item, ": ");
    if (memmem(item, length, "libcoexist.so", 13) != NULL) memset(item, ' ', length);
    item += length + (item[length] != 0);
  }
}

__attribute__((constructor(101))) static void start(void) {
  if (coexist_real.sigaction == 0) coexist_resolve();
  const char *disable = getenv("COEXIST_DISABLE");
  if (disable != NULL && strcmp(disable, "1") == 0) return;
  coexist_config_load();
  coexist_catalogue_configure();
  if (coexist_config.mode == COEXIST_MODE_OFF) return;
  coexist_log_open();
  if (pthread_atfork(coexist_rcu_before_fork, urcu_bp_after_fork_parent,
                     urcu_bp_after_fork_child) ||
      pthread_atfork(coexist_state_before_fork, NULL, forked)) {
    coexist_log(COEXIST_LOG_ERROR, "error[L050]: no memory at start; the program runs as without "
                                   "coexist");
    return;
  }
  coexist_state_open();
  coexist_rcu_register();
  coexist_thread_key();
  coexist_core_start();
  coexist_loader_loaded();
  coexist_static_tls_publish();
  if (coexist_config.children_strip) strip_from_children();
  coexist_active = 1;
}

__attribute__((destructor(101))) static void stop(void) {
  if (coexist_active) coexist_state_close();
}
