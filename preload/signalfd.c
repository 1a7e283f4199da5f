// signalfd(2), and what is read of one: its signals are told under the numbers that the reader
// knows (core: Signals/Numbers).
#include "preload.h"

#include <fcntl.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

EXPORT int signalfd(int fd, const sigset_t *set, int flags) {
  uint64_t signals = 0;
  sigset_t wanted = {0};
  if (coexist_ready() && (uintptr_t)set != 0) {
    memcpy(&signals, set, sizeof signals);
    signals = coexist_core_reads(signals, CALLER);
    memcpy(&wanted, &signals, sizeof signals);
    set = &wanted;
  }
  return coexist_real.signalfd(fd, set, flags);
}

static int is_signalfd(int fd) {
  char path[COEXIST_PROC_PATH];
  char target[] = "anon_inode:[signalfd]", found[sizeof target];
  coexist_proc_path(path, "fd/", fd);
  long size = coexist_syscall4(SYS_readlinkat, AT_FDCWD, (long)path, (long)found, sizeof found);
  return size == sizeof target - 1 && memcmp(found, target, sizeof target - 1) == 0;
}
static ssize_t tell(int fd, void *buffer, ssize_t size, uint64_t caller) {
  struct signalfd_siginfo *info = buffer;
  if (size <= 0 || size % (ssize_t)sizeof *info != 0) return size;
  int error = errno, is = -1;
  for (ssize_t i = 0; i < size / (ssize_t)sizeof *info; i++) {
    uint32_t number = (uint32_t)coexist_number((int)info[i].ssi_signo, caller);
    if (number == info[i].ssi_signo) continue;
    if (is < 0) is = is_signalfd(fd);
    if (is) info[i].ssi_signo = number;
  }
  errno = error;
  return size;
}
static int are_exchanged(void) {
  return UNLIKELY(*coexist_word(COEXIST_WORD_EXCHANGED) != 0);
}
EXPORT ssize_t read(int fd, void *buffer, size_t size) {
  if (UNLIKELY(coexist_real.read == 0)) coexist_resolve();
  if (are_exchanged()) return tell(fd, buffer, coexist_real.read(fd, buffer, size), CALLER);
  __attribute__((musttail)) return coexist_real.read(fd, buffer, size);
}
// What -D_FORTIFY_SOURCE makes of it.
EXPORT ssize_t __read_chk(int fd, void *buffer, size_t size, size_t room) {
  if (UNLIKELY(coexist_real.__read_chk == 0)) coexist_resolve();
  if (are_exchanged()) {
    return tell(fd, buffer, coexist_real.__read_chk(fd, buffer, size, room), CALLER);
  }
  __attribute__((musttail)) return coexist_real.__read_chk(fd, buffer, size, room);
}
