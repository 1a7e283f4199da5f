// exec(3) and posix_spawn(3): the new program inherits what the caller believes it ignores and
// blocks, not what the kernel holds for the sake of others (execve(2), "Effect on process
// attributes").
#include "preload.h"

#include <alloca.h>
#include <spawn.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static int begin(struct coexist_exec *exec, struct coexist_frame caller) {
  if (!coexist_ready()) return 0;
  coexist_core_exec_begin(exec, &caller);
  return 1;
}
// It has failed.
static int end(struct coexist_exec *exec, int active) {
  int error = errno;
  if (active) coexist_core_exec_failed(exec);
  errno = error;
  return -1;
}
#define EXEC(call)                                 \
  struct coexist_exec exec;                        \
  int active = begin(&exec, COEXIST_CALLER_FRAME); \
  coexist_real.call;                               \
  return end(&exec, active)

EXPORT int execve(const char *path, char *const words[], char *const variables[]) {
  EXEC(execve(path, words, variables));
}
EXPORT int execv(const char *path, char *const words[]) { EXEC(execve(path, words, environ)); }
EXPORT int execvpe(const char *file, char *const words[], char *const variables[]) {
  EXEC(execvpe(file, words, variables));
}
EXPORT int execvp(const char *file, char *const words[]) { EXEC(execvpe(file, words, environ)); }
EXPORT int fexecve(int fd, char *const words[], char *const variables[]) {
  EXEC(fexecve(fd, words, variables));
}
EXPORT int execveat(int fd, const char *path, char *const words[], char *const variables[],
                    int flags) {
  EXEC(execveat(fd, path, words, variables, flags));
}

// The words of a variadic call, and what follows the closing NULL.
#define WORDS(first)                                                    \
  va_list list, count;                                                  \
  va_start(list, first);                                                \
  va_copy(count, list);                                                 \
  size_t length = 1;                                                    \
  while (va_arg(count, char *) != NULL) length++;                       \
  va_end(count);                                                        \
  char **words = alloca((length + 1) * sizeof *words);                  \
  words[0] = (char *)(uintptr_t)first;                                  \
  for (size_t i = 1; i <= length; i++) words[i] = va_arg(list, char *)
EXPORT int execl(const char *path, const char *first, ...) {
  WORDS(first);
  va_end(list);
  EXEC(execve(path, words, environ));
}
EXPORT int execlp(const char *file, const char *first, ...) {
  WORDS(first);
  va_end(list);
  EXEC(execvpe(file, words, environ));
}
EXPORT int execle(const char *path, const char *first, ...) {
  WORDS(first);
  char *const *variables = va_arg(list, char *const *);
  va_end(list);
  EXEC(execve(path, words, variables));
}

static int start(__typeof__(posix_spawn) *real, pid_t *pid, const char *path,
                 const posix_spawn_file_actions_t *files, const posix_spawnattr_t *attributes,
                 char *const words[], char *const variables[], uint64_t caller) {
  int active = coexist_ready() && !coexist_in_vfork();
  pid_t child;
  if (active) coexist_core_child_begins(caller);
  int error = real(&child, path, files, attributes, words, variables);
  if (active) coexist_core_child_made(error == 0 ? child : -1, caller);
  if (error == 0 && pid != NULL) *pid = child;
  return error;
}

// The kernel's own dispositions are inherited; what has to become SIG_DFL, and the mask, can be
// said by attributes. A handler of another runtime cannot become SIG_IGN that way (Limitations).
static int spawn(__typeof__(posix_spawn) *real, pid_t *pid, const char *path,
                 const posix_spawn_file_actions_t *files, const posix_spawnattr_t *given,
                 char *const words[], char *const variables[], struct coexist_frame caller) {
  posix_spawnattr_t attributes;
  short flags = 0;
  uint64_t defaults = 0, mask = 0, more = 0;
  int hides = coexist_ready() && coexist_core_spawn(&more, &mask, &caller);
  if (more == 0 && !hides)
    return start(real, pid, path, files, given, words, variables, caller.pc);
  if (given != NULL)
    attributes = *given;
  else
    posix_spawnattr_init(&attributes);
  posix_spawnattr_getflags(&attributes, &flags);
  sigset_t set;
  if (more != 0) {
    posix_spawnattr_getsigdefault(&attributes, &set);
    if (!(flags & POSIX_SPAWN_SETSIGDEF)) sigemptyset(&set);
    memcpy(&defaults, &set, sizeof defaults);
    defaults |= more;
    memcpy(&set, &defaults, sizeof defaults);
    posix_spawnattr_setsigdefault(&attributes, &set);
    flags |= POSIX_SPAWN_SETSIGDEF;
  }
  if (hides && !(flags & POSIX_SPAWN_SETSIGMASK)) {
    sigemptyset(&set);
    memcpy(&set, &mask, sizeof mask);
    posix_spawnattr_setsigmask(&attributes, &set);
    flags |= POSIX_SPAWN_SETSIGMASK;
  }
  posix_spawnattr_setflags(&attributes, flags);
  return start(real, pid, path, files, &attributes, words, variables, caller.pc);
}
EXPORT int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *files,
                       const posix_spawnattr_t *attributes, char *const words[],
                       char *const variables[]) {
  struct coexist_frame caller = COEXIST_CALLER_FRAME;
  if (UNLIKELY(coexist_real.posix_spawn == 0)) coexist_resolve();
  return spawn(coexist_real.posix_spawn, pid, path, files, attributes, words, variables, caller);
}
EXPORT int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *files,
                        const posix_spawnattr_t *attributes, char *const words[],
                        char *const variables[]) {
  struct coexist_frame caller = COEXIST_CALLER_FRAME;
  if (UNLIKELY(coexist_real.posix_spawnp == 0)) coexist_resolve();
  return spawn(coexist_real.posix_spawnp, pid, file, files, attributes, words, variables, caller);
}
