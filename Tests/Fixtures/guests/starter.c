// A library of nobody's that starts programs for whoever calls it, as an extension module does.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

// Starts a program; returns the signals that it ignores from its beginning, one bit each, or -1.
long starter_ignored(int unused) {
  (void)unused;
  int ends[2], status;
  if (pipe(ends) != 0) return -1;
  pid_t child = vfork();
  if (child == 0) {
    dup2(ends[1], 1);
    execl("/bin/cat", "cat", "/proc/self/status", NULL);
    _exit(127);
  }
  close(ends[1]);
  FILE *pipe = fdopen(ends[0], "r");
  char line[256];
  long ignored = -1;
  while (fgets(line, sizeof line, pipe)) sscanf(line, "SigIgn: %lx", &ignored);
  fclose(pipe);
  return waitpid(child, &status, 0) == child && status == 0 ? ignored : -1;
}
