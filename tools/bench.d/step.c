// Counts a program's user instructions by single steps, between two SIGURGs: STEP PROGRAM WORDS….
// For programs that take faults: valgrind lays out signal frames of its own, which nobody else can
// move or leave.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static void become(char **argv) {
  const char *library = getenv("BENCH_PRELOAD");
  if (library != NULL) setenv("LD_PRELOAD", library, 1);
  setenv("BENCH_STEP", "1", 1);
  ptrace(PTRACE_TRACEME, 0, NULL, NULL);
  execv(argv[0], argv);
  _exit(127);
}

int main(int argc, char **argv) {
  if (argc < 2) return 1;
  pid_t child = fork();
  if (child == 0) become(argv + 1);
  int status, steps = 0;
  long count = 0;
  unsigned long last = 0;
  waitpid(child, &status, 0);
  while (WIFSTOPPED(status)) {
    int signal = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
    if (signal == SIGURG) steps = !steps;
    unsigned long pc = (unsigned long)ptrace(
        PTRACE_PEEKUSER, child, __builtin_offsetof(struct user_regs_struct, rip), NULL);
    // A repeated string instruction traps once a repetition, and is one instruction.
    if (steps && signal == 0 && pc != last) count++;
    last = pc;
    ptrace(steps ? PTRACE_SINGLESTEP : PTRACE_CONT, child, NULL, (void *)(long)signal);
    if (waitpid(child, &status, 0) != child) return 1;
  }
  fprintf(stderr, "Collected : %ld\n", count);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
