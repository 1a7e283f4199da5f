// Messages of the start-up code. The signal path writes its own (core: Support/Message).
#include "preload.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <time.h>
#include <unistd.h>

#include "start.h"

static const char *program(void) {
  const char *path = (const char *)getauxval(AT_EXECFN);
  if (path == NULL) return "?";
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

static void run_directory(char *to, unsigned long size) {
  const char *run = getenv("XDG_RUNTIME_DIR");
  const char *temporary = getenv("TMPDIR");
  // A file in memory makes the start-up of a process shorter than one on a disk.
  if (temporary == NULL || temporary[0] == 0)
    temporary = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
  if (run != NULL && run[0] == '/') snprintf(to, size, "%s", run);
  else snprintf(to, size, "%s/coexist-%u", temporary, getuid());
}

void coexist_expand(char *to, unsigned long size, const char *template) {
  unsigned long used = 0;
  to[0] = 0;
  for (const char *c = template; *c != 0 && used + 1 < size; c++) {
    char piece[256] = {*c, 0};
    if (c[0] == '%' && c[1] != 0) {
      switch (*++c) {
        case 'p': snprintf(piece, sizeof piece, "%d", getpid()); break;
        case 'e': snprintf(piece, sizeof piece, "%s", program()); break;
        case 't': snprintf(piece, sizeof piece, "%ld", (long)time(NULL)); break;
        case 'r': run_directory(piece, sizeof piece); break;
        default: snprintf(piece, sizeof piece, "%c", *c);
      }
    }
    int more = snprintf(to + used, size - used, "%s", piece);
    used += more < 0 ? 0 : (unsigned long)more;
  }
}

void coexist_log(unsigned level, const char *format, ...) {
  if (level > coexist_config.log_level) return;
  char line[512];
  int length = snprintf(line, sizeof line - 1, "coexist[%d]: ", getpid());
  va_list list;
  va_start(list, format);
  length += vsnprintf(line + length, sizeof line - 1 - (unsigned)length, format, list);
  va_end(list);
  if (length > (int)sizeof line - 2) length = sizeof line - 2;
  line[length++] = '\n';
  coexist_write_log(line, (uint64_t)length);
}

void coexist_log_open(void) {
  if (strcmp(coexist_config.log_file, "stderr") == 0) return;
  char path[512];
  coexist_expand(path, sizeof path, coexist_config.log_file);
  int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) {
    coexist_log(COEXIST_LOG_WARN, "warning[L021]: the log %s cannot be opened: %m; messages go to "
                                  "standard error", path);
    return;
  }
  // Out of the way of programs that count on the lowest free number.
  int high = fcntl(fd, F_DUPFD_CLOEXEC, 512);
  if (high >= 0) close(fd), fd = high;
  coexist_log_to(fd);
}

_Noreturn void coexist_fatal(const char *message) {
  (void)!write(STDERR_FILENO, "coexist: ", 9);
  (void)!write(STDERR_FILENO, message, strlen(message));
  (void)!write(STDERR_FILENO, "\n", 1);
  _exit(126);
}
