// Where another thread of this process sleeps. Not for the signal path: it reads /proc.
#include <ccoexist/tls.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// proc(5): "running", or the number of the system call, its arguments, the stack pointer and the
// program counter. A number of our own for all of it, 0 = it runs, or cannot be looked at.
uint64_t coexist_asleep(int32_t tid, uint64_t *sp) {
  char path[64], text[256];
  snprintf(path, sizeof path, "/proc/self/task/%d/syscall", tid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  if (length <= 0) return 0;
  text[length] = 0;
  const char *last = strrchr(text, ' ');
  if (last == NULL) return 0;
  while (last > text && *--last != ' ') {}
  *sp = strtoull(last, NULL, 16);
  uint64_t hash = 1469598103934665603u;
  for (ssize_t i = 0; i < length; i++) hash = (hash ^ (uint8_t)text[i]) * 1099511628211u;
  return hash | 1;
}
