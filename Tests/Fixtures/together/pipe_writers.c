// A guest ignores SIGPIPE, the program does not: the program's write to a pipe that nobody reads
// ends it, by write(2) as by stdio; the guest's gives EPIPE. Another runtime is there, too, and a
// library that writes for either.
// library: leanshared = guests/lean.c
// library: alpha = guests/guest.c
// library: writer = guests/writer.c
#include <sys/wait.h>
#include "guests/guest.h"
#include "support/pipe.h"

static void by_write(int fd) {
  if (write(fd, "x", 1) < 0) _exit(1);
}
static void by_stdio(int fd) {
  FILE *stream = fdopen(fd, "w");
  for (int i = 0; i < 10000; i++) fprintf(stream, "line %d of %s\n", i, "many");
  fflush(stream);
}
static void by_guest(int fd) {
  for (int i = 0; i < 3; i++)
    if (lean_write(fd) != -1 || errno != EPIPE) _exit(2);
}
static void by_library(int fd) {
  if (writer_write(fd) < 0) _exit(1);
}
static void by_guests_library(int fd) {
  if (lean_write_by(writer_write, fd) != -1 || errno != EPIPE) _exit(2);
}
static void by_guest_and_then_not(int fd) { by_guest(fd), by_write(fd); }

static int ending(void (*writes)(int)) {
  pid_t child = fork();
  if (child == 0) {
    writes(broken());
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(void) {
  alpha()->install(SIGSEGV, SA_SIGINFO);
  lean_initialize_runtime_module();
  CHECK_EQ(ending(by_write), 128 + SIGPIPE);
  CHECK_EQ(ending(by_stdio), 128 + SIGPIPE);
  CHECK_EQ(ending(by_guest), 0);
  CHECK_EQ(ending(by_library), 128 + SIGPIPE);
  CHECK_EQ(ending(by_guests_library), 0);
  CHECK_EQ(ending(by_guest_and_then_not), 128 + SIGPIPE);
  struct sigaction mine;
  CHECK_EQ(sigaction(SIGPIPE, 0, &mine), 0);
  CHECK_EQ(mine.sa_handler, SIG_DFL);
  // The program may ignore it as well: then nobody ends.
  CHECK_EQ(signal(SIGPIPE, SIG_IGN), SIG_DFL);
  CHECK_EQ(ending(by_write), 1);
}
