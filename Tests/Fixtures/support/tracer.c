// tracer PROGRAM ARGUMENTS: runs the program, follows its first process with ptrace(2), and when it
// dies prints the signals that it died of, and the registers that the kernel holds at
// PTRACE_EVENT_EXIT, as a core file would have them. No addresses: places are offsets into the
// program, or just names; registers only if they hold a pattern of registers.h, since others are
// whatever libc left there. Ends as the program did.
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/user.h>
#include <sys/wait.h>
#include "support/check.h"

static unsigned long base, end;

// The mapping of the program itself; everything else moves about.
static void find_program(pid_t pid, const char *path) {
  char name[64], line[4096], real[4096];
  snprintf(name, sizeof name, "/proc/%d/maps", pid);
  FILE *maps = fopen(name, "r");
  CHECK(maps && realpath(path, real));
  while (fgets(line, sizeof line, maps)) {
    unsigned long low, high;
    if (!strstr(line, real) || sscanf(line, "%lx-%lx", &low, &high) != 2) continue;
    if (!base) base = low;
    end = high;
  }
  fclose(maps);
}

static void show(const char *name, unsigned long value) {
  if (value >= base && value < end)
    printf(" %s program+%#lx", name, value - base);
  else if (value > 0x500000000000 && value < 0x800000000000)
    printf(" %s elsewhere", name);
  else
    printf(" %s %#lx", name, value);
}

static void show_registers(pid_t pid) {
  struct user_regs_struct r;
  CHECK_EQ(ptrace(PTRACE_GETREGS, pid, 0, &r), 0);
  show("rip", r.rip);
  unsigned long all[] = {r.rax, r.rbx, r.rcx, r.rdx, r.rsi, r.rdi, r.rbp, r.r8,
                         r.r9,  r.r10, r.r11, r.r12, r.r13, r.r14, r.r15};
  int patterns = 0;
  // All ones are a mask that some call left there: no pattern has fifteen.
  for (int n = 0; n < 15; n++)
    if (all[n] && ~all[n] && all[n] % 0x1111111111111111 == 0)
      patterns = printf(" r%d %#lx", n, all[n]);
  if (patterns) printf(" rdi %#llx eflags %#llx", r.rdi, r.eflags & 0xcd5);
  puts("");
}

int main(int count, char **arguments) {
  CHECK(count > 1);
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  pid_t pid = fork();
  if (pid == 0) {
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    execv(arguments[1], arguments + 1);
    _exit(127);
  }
  int status;
  siginfo_t last = {0};
  CHECK_EQ(waitpid(pid, &status, 0), pid);
  CHECK_EQ(ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL), 0);
  long deliver = 0;
  while (ptrace(PTRACE_CONT, pid, 0, deliver) == 0 && waitpid(pid, &status, 0) == pid &&
         WIFSTOPPED(status)) {
    deliver = 0;
    if (status >> 16 == PTRACE_EVENT_EXIT) {
      unsigned long code = 0;
      ptrace(PTRACE_GETEVENTMSG, pid, 0, &code);
      find_program(pid, arguments[1]);
      if (code & 0x7f) {
        printf("died of %d: si_signo %d si_code %d", (int)(code & 0x7f), last.si_signo,
               last.si_code);
        if (last.si_code > 0) show("si_addr", (unsigned long)last.si_addr);
        show_registers(pid);
      }
    } else {
      deliver = WSTOPSIG(status);
      ptrace(PTRACE_GETSIGINFO, pid, 0, &last);
    }
  }
  fflush(stdout);
  if (!WIFSIGNALED(status)) return WEXITSTATUS(status);
  signal(WTERMSIG(status), SIG_DFL);
  raise(WTERMSIG(status));
}
