// Senders. A handler that raises its own signal again says "not mine"; everything else is sent.
#include "donor.h"

#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int declines(int signal, uint64_t caller, uint32_t how) {
  return coexist_ready() && coexist_core_sends_itself(signal, caller, how);
}
// Says whose it is, for when it arrives where several have a handler.
static void to_thread(pthread_t thread, int signal, uint64_t caller) {
  if (!coexist_ready()) return;
  uint64_t record = (uint64_t)coexist_thread_of(thread);  // none while the thread is being made
  coexist_core_tag_thread(signal, record != 0 ? record : COEXIST_THREAD_UNKNOWN, caller);
}
static void to_tid(pid_t tid, int signal, uint64_t caller) {
  if (coexist_ready()) coexist_core_tag_tid(signal, tid, caller);
}
static int sent(int result) {
  if (coexist_active) coexist_core_sent();
  return result;
}
// pid as in kill(2): 0 and -1 mean this process too, and so does its group.
static void to_process(pid_t pid, int signal, uint64_t caller) {
  if (!coexist_ready() || signal == 0) return;
  if (pid == getpid() || pid == 0 || pid == -1 || (pid < -1 && -pid == getpgrp()))
    coexist_core_tag_thread(signal, 0, caller);
}
// The process that a pidfd stands for (proc_pid_fdinfo(5)); 0 if it is none.
static pid_t process_of(int pidfd) {
  char path[COEXIST_PROC_PATH], text[512];
  coexist_proc_path(path, "fdinfo/", pidfd);
  long fd = coexist_syscall4(SYS_openat, AT_FDCWD, (long)path, O_CLOEXEC, 0);
  if (fd < 0) return 0;
  long size = coexist_syscall4(SYS_read, fd, (long)text, sizeof text - 1, 0);
  coexist_syscall4(SYS_close, fd, 0, 0, 0);
  text[size > 0 ? size : 0] = 0;
  const char *line = strstr(text, "\nPid:\t");
  pid_t pid = 0;
  for (line = line != NULL ? line + 6 : ""; *line >= '0' && *line <= '9'; line++)
    pid = pid * 10 + (*line - '0');
  return pid;
}
static int number_to_pidfd(int pidfd, int signal, uint64_t caller) {
  int number = coexist_number(signal, caller);
  return number != signal && process_of(pidfd) == getpid() ? number : signal;
}
static void to_pidfd(int pidfd, int signal, uint64_t caller) {
  int error = errno;
  if (coexist_ready() && signal != 0) to_process(process_of(pidfd), signal, caller);
  errno = error;
}

// Real-time signals queue, and each must find its own sender's handler: it carries a label, where
// several have a handler and the call has one target in this process. tid 0 = the process. Returns
// 0 when nothing was sent: then it is tagged, and libc's own function sends it. As kill(2) would
// have sent it a thread may say only of what it sends to itself (kernel/signal.c,
// do_rt_sigqueueinfo).
static int queued(pid_t tid, int s, int code, const union sigval *value, uint64_t caller,
                  int *result) {
  if (code != SI_QUEUE && gettid() != (tid != 0 ? tid : getpid())) return 0;
  uint64_t label = s > 31 && coexist_ready() ? coexist_core_label(s, tid, caller) : 0;
  if (label == 0) return 0;
  siginfo_t info;
  memset(&info, 0, sizeof info);
  info.si_signo = s, info.si_code = code, info.si_pid = getpid(), info.si_uid = getuid();
  if (value != NULL) info.si_value = *value;
  coexist_info_set_label(&info, label);
  long sent = tid == 0 ? coexist_syscall4(SYS_rt_sigqueueinfo, info.si_pid, s, (long)&info, 0)
                       : coexist_syscall4(SYS_rt_tgsigqueueinfo, info.si_pid, tid, s, (long)&info);
  *result = (int)-sent;
  return 1;
}
static int queued_or_fails(pid_t tid, int s, int code, const union sigval *value, uint64_t caller,
                           int *result) {
  if (!queued(tid, s, code, value, caller, result)) return 0;
  if (*result != 0) errno = *result, *result = -1;
  return 1;
}
// 0 = not known yet, while the thread is being made.
static pid_t tid_of(pthread_t thread) {
  struct coexist_thread *record = coexist_ready() ? coexist_thread_of(thread) : NULL;
  return record != NULL ? record->tid : 0;
}

// To who runs under a donor's name (donor.h).
static int to_donor(struct coexist_donor *donor, int s, const siginfo_t *info, uint64_t caller) {
  if (s == 0) return 0;
  struct coexist_thread *record =
      __atomic_load_n(&donor->host, __ATOMIC_ACQUIRE) != 0 ? *donor->record : donor->own_record;
  coexist_core_tag_thread(s, (uint64_t)record, caller);
  return sent(coexist_donor_send(donor, s, info));
}

static int to_itself(int s, uint64_t caller) {
  int result;
  if (declines(s, caller, COEXIST_HOW_RAISED)) return 0;
  if (queued_or_fails(gettid(), s, SI_TKILL, NULL, caller, &result)) return result;
  to_thread(pthread_self(), s, caller);
  return coexist_real.raise(s);
}
EXPORT int raise(int s) { return to_itself(coexist_number(s, CALLER), CALLER); }
EXPORT int gsignal(int s) { return to_itself(coexist_number(s, CALLER), CALLER); }
EXPORT int kill(pid_t pid, int s) {
  uint64_t caller = CALLER;
  int result;
  if (pid == getpid()) s = coexist_number(s, caller);
  if (pid == getpid() && declines(s, caller, COEXIST_HOW_RAISED)) return 0;
  if (pid == getpid() && queued_or_fails(0, s, SI_USER, NULL, caller, &result)) return result;
  to_process(pid, s, caller);
  return coexist_real.kill(pid, s);
}
EXPORT int killpg(pid_t group, int s) {
  if (group < 0) {
    errno = EINVAL;
    return -1;
  }
  to_process(-group, s, CALLER);
  return coexist_real.killpg(group, s);
}
EXPORT int pidfd_send_signal(int pidfd, int s, siginfo_t *info, unsigned flags) {
  s = number_to_pidfd(pidfd, s, CALLER);
  to_pidfd(pidfd, s, CALLER);
  if (UNLIKELY(coexist_real.syscall == 0)) coexist_resolve();
  return (int)coexist_real.syscall(SYS_pidfd_send_signal, (long)pidfd, (long)s, (long)info,
                                   (long)flags, 0l, 0l);
}
EXPORT int tgkill(pid_t pid, pid_t tid, int s) {
  uint64_t caller = CALLER;
  int result;
  if (pid == getpid()) s = coexist_number(s, caller);
  if (tid == gettid() && declines(s, caller, COEXIST_HOW_RAISED)) return 0;
  if (pid == getpid() && tid > 0 && queued_or_fails(tid, s, SI_TKILL, NULL, caller, &result))
    return sent(result);
  if (pid == getpid()) to_tid(tid, s, caller);
  return sent(coexist_real.tgkill(pid, tid, s));
}
EXPORT int pthread_kill(pthread_t thread, int s) {
  uint64_t caller = CALLER;
  s = coexist_number(s, caller);
  if (thread == pthread_self() && declines(s, caller, COEXIST_HOW_RAISED)) return 0;
  struct coexist_donor *donor = coexist_donor_of(thread);
  if (donor != NULL) return to_donor(donor, s, NULL, caller);
  int result;
  pid_t tid = s > 31 ? tid_of(thread) : 0;
  if (tid != 0 && queued(tid, s, SI_TKILL, NULL, caller, &result)) return sent(result);
  if (s != 0) to_thread(thread, s, caller);
  return sent(coexist_real.pthread_kill(thread, s));
}
EXPORT int pthread_sigqueue(pthread_t thread, int s, const union sigval value) {
  uint64_t caller = CALLER;
  s = coexist_number(s, caller);
  if (thread == pthread_self() && declines(s, caller, COEXIST_HOW_REQUEUED)) return 0;
  struct coexist_donor *donor = coexist_donor_of(thread);
  if (donor != NULL) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_signo = s, info.si_code = SI_QUEUE, info.si_pid = getpid(), info.si_uid = getuid();
    info.si_value = value;
    return to_donor(donor, s, &info, caller);
  }
  int result;
  pid_t tid = s > 31 ? tid_of(thread) : 0;
  if (tid != 0 && queued(tid, s, SI_QUEUE, &value, caller, &result)) return sent(result);
  to_thread(thread, s, caller);
  return sent(coexist_real.pthread_sigqueue(thread, s, value));
}
EXPORT int sigqueue(pid_t pid, int s, const union sigval value) {
  uint64_t caller = CALLER;
  if (pid == getpid()) s = coexist_number(s, caller);
  if (pid == getpid() && declines(s, caller, COEXIST_HOW_REQUEUED)) return 0;
  int result;
  if (pid == getpid() && queued_or_fails(0, s, SI_QUEUE, &value, caller, &result)) return result;
  to_process(pid, s, caller);
  return coexist_real.sigqueue(pid, s, value);
}

// LLVM, Crashpad and sentry queue the siginfo again by syscall(2); Swift sends with tgkill.
static int is_decline(long number, const long *a, uint64_t caller) {
  switch (number) {
    case SYS_tgkill:
      return a[1] == gettid() && declines((int)a[2], caller, COEXIST_HOW_RAISED);
    case SYS_tkill:
      return a[0] == gettid() && declines((int)a[1], caller, COEXIST_HOW_RAISED);
    case SYS_kill:
      return a[0] == getpid() && declines((int)a[1], caller, COEXIST_HOW_RAISED);
    case SYS_rt_sigqueueinfo:
      return a[0] == getpid() && declines((int)a[1], caller, COEXIST_HOW_REQUEUED);
    case SYS_rt_tgsigqueueinfo:
      return a[1] == gettid() && declines((int)a[2], caller, COEXIST_HOW_REQUEUED);
    default:
      return 0;
  }
}

// The number in the kernel of what is sent to this process, as the named calls say it.
static void renumber(long number, long *a, uint64_t caller) {
  switch (number) {
    case SYS_tkill: a[1] = coexist_number((int)a[1], caller); return;
    case SYS_kill:
    case SYS_rt_sigqueueinfo:
      if (a[0] == getpid()) a[1] = coexist_number((int)a[1], caller);
      return;
    case SYS_tgkill:
    case SYS_rt_tgsigqueueinfo:
      if (a[0] == getpid()) a[2] = coexist_number((int)a[2], caller);
      return;
    case SYS_pidfd_send_signal: a[1] = number_to_pidfd((int)a[0], (int)a[1], caller);
  }
}

// Says whose it is, as the named calls do.
static void tag(long number, const long *a, uint64_t caller) {
  switch (number) {
    case SYS_tgkill:
    case SYS_rt_tgsigqueueinfo:
      if (a[0] == getpid()) to_tid((pid_t)a[1], (int)a[2], caller);
      return;
    case SYS_tkill: return to_tid((pid_t)a[0], (int)a[1], caller);
    case SYS_kill:
    case SYS_rt_sigqueueinfo: return to_process((pid_t)a[0], (int)a[1], caller);
    case SYS_pidfd_send_signal: return to_pidfd((int)a[0], (int)a[1], caller);
  }
}

EXPORT long syscall(long number, ...) {
  long a[6];
  va_list list;
  va_start(list, number);
  for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
  va_end(list);
  renumber(number, a, CALLER);
  if (UNLIKELY(is_decline(number, a, CALLER))) return 0;
  tag(number, a, CALLER);
  if (UNLIKELY(coexist_real.syscall == 0)) coexist_resolve();
  long result = coexist_real.syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  if (number == SYS_tgkill) sent(0);
  return result;
}
