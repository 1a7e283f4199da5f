// Names in /proc of this process's descriptors, made without libc's printf: signal handlers may.
#include "preload.h"

#include <string.h>

void coexist_proc_path(char path[COEXIST_PROC_PATH], const char *folder, int fd) {
  char digits[12], *digit = digits + sizeof digits - 1;
  *digit = 0;
  for (unsigned rest = (unsigned)fd; rest != 0 || *digit == 0; rest /= 10)
    *--digit = (char)('0' + rest % 10);
  strcpy(path, "/proc/self/");
  strcpy(path + strlen(path), folder);
  strcpy(path + strlen(path), digit);
}
