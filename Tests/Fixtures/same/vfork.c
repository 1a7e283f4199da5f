// vfork + exec, posix_spawn, system and popen of a program that crashes or not: same statuses, and
// the parent's handlers still work afterwards (the vfork child shares its memory).
#include <spawn.h>
#include <sys/wait.h>
#include "support/check.h"
#include "support/fault.h"
#include "support/kernel.h"

extern char **environ;
static int calls;

static void handler(int s, siginfo_t *i, void *c) {
  (void)s, (void)i;
  calls++;
  REGISTER(c, RIP) += POKE_SIZE;
}

int main(void) {
  struct sigaction new = action(handler, SA_SIGINFO);
  CHECK_EQ(sigaction(SIGSEGV, &new, 0), 0);
  signal(SIGFPE, SIG_IGN);
  char *commands[] = {"exit 3", "kill -SEGV $$", "kill -FPE $$; exit 4",
                      "grep -E 'Sig(Blk|Ign|Cgt)' /proc/self/status"};
  for (int n = 0; n < 4; n++) {
    char *arguments[] = {"sh", "-c", commands[n], 0};
    int status;
    pid_t child = vfork();
    if (child == 0) execve("/bin/sh", arguments, environ), _exit(127);
    CHECK(waitpid(child, &status, 0) == child);
    printf("vfork %#x\n", status & 0xff7f);
    fflush(stdout);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t set;
    sigfillset(&set);
    posix_spawnattr_setsigdefault(&attributes, &set);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    CHECK_EQ(posix_spawn(&child, "/bin/sh", 0, &attributes, arguments, environ), 0);
    CHECK(waitpid(child, &status, 0) == child);
    printf("posix_spawn %#x\n", status & 0xff7f);
    fflush(stdout);
    printf("system %#x\n", system(commands[n]) & 0xff7f);
    FILE *pipe = popen(commands[n], "r");
    char line[256];
    while (fgets(line, sizeof line, pipe)) fputs(line, stdout);
    printf("popen %#x\n", pclose(pipe) & 0xff7f);
    fflush(stdout);
    poke(NOWHERE);
    CHECK_EQ(calls, n + 1);
    CHECK_EQ(kernel_action(SIGSEGV).handler, handler);
  }
}
