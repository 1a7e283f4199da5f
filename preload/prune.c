// State files of processes that died: whoever looks after a crash finds the newest, the others go.
// A process that ends by itself takes its file with it.
#include "preload.h"

#include <dirent.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "start.h"

enum {
  KEPT = 32,   // of those that one look sees
  SEEN = 256,  // names, at most: a start is to stay short
  EACH = 16,   // one start in so many looks
};

struct dead {
  pid_t pid;
  int64_t changed_ns;
};

// Namespaces share folders, and have numbers of their own: only its own namespace tells that a
// process is gone.
static int is_ours(const char *path, uint64_t space) {
  uint64_t its = 0;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return 0;
  ssize_t got = pread(fd, &its, sizeof its, offsetof(struct coexist_state, pid_space));
  close(fd);
  return got == sizeof its && space != 0 && its == space;
}

// "PID.state", of a process that is not there.
static pid_t dead_one(const char *name) {
  char *end;
  long pid = strtol(name, &end, 10);
  if (pid <= 0 || pid > INT32_MAX || strcmp(end, ".state") != 0) return 0;
  return coexist_syscall4(SYS_kill, pid, 0, 0, 0) == -ESRCH ? (pid_t)pid : 0;
}

static void file_of(pid_t pid, const char *folder, int length, char *file, size_t size) {
  snprintf(file, size, "%.*s/%d.state", length, folder, pid);
}

static unsigned look(const char *folder, int length, struct dead *dead) {
  char file[576];
  unsigned count = 0;
  snprintf(file, sizeof file, "%.*s", length, folder);
  DIR *names = opendir(file);
  if (names == NULL) return 0;
  struct dirent *name;
  for (int seen = 0; seen < SEEN && (name = readdir(names)) != NULL; seen++) {
    struct stat info;
    pid_t pid = dead_one(name->d_name);
    if (pid == 0) continue;
    file_of(pid, folder, length, file, sizeof file);
    if (lstat(file, &info) != 0 || info.st_uid != geteuid()) continue;
    dead[count].pid = pid;
    dead[count++].changed_ns = info.st_mtim.tv_sec * 1000000000ll + info.st_mtim.tv_nsec;
  }
  closedir(names);
  return count;
}

void coexist_prune(const char *path, uint64_t space) {
  static struct dead dead[SEEN];
  const char *slash = strrchr(path, '/');
  char own[32];
  snprintf(own, sizeof own, "/%d.state", getpid());
  if (getpid() % EACH != 0 || slash == NULL || strcmp(slash, own) != 0) return;
  int length = (int)(slash - path);
  for (unsigned count = look(path, length, dead); count > KEPT; count--) {
    char file[576];
    unsigned oldest = 0;
    for (unsigned i = 1; i < count; i++)
      if (dead[i].changed_ns < dead[oldest].changed_ns) oldest = i;
    file_of(dead[oldest].pid, path, length, file, sizeof file);
    if (is_ours(file, space)) unlink(file);
    dead[oldest] = dead[count - 1];
  }
}
