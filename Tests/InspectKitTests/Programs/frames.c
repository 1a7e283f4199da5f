// A stack over borders: main > libouter > libinner > generated code > libinner > pause.
// With the argument "bare" the generated code keeps no frame pointer; with "traced" the process
// that prints its number is held by a tracer.
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

extern int outer(int (*)(int (*)(void)), int (*)(void));
extern int wait_inside(void);

// push %rbp; mov %rsp, %rbp; sub $48, %rsp; call *%rdi; leave; ret
static const unsigned char framed[] = {0x55, 0x48, 0x89, 0xE5, 0x48, 0x83, 0xEC, 0x30,
                                       0xFF, 0xD7, 0xC9, 0xC3};
// push %rbp; push $0 six times; mov $1, %ebp; call *%rdi; add $48, %rsp; pop %rbp; ret
static const unsigned char bare[] = {0x55, 0x6A, 0,    0x6A, 0,    0x6A, 0,    0x6A, 0,
                                     0x6A, 0,    0x6A, 0,    0xBD, 1,    0,    0,    0,
                                     0xFF, 0xD7, 0x48, 0x83, 0xC4, 0x30, 0x5D, 0xC3};

static void hold(pid_t child) {
  ptrace(PTRACE_SEIZE, child, 0, 0);
  printf("%d 0\n", (int)child);
  fflush(stdout);
  waitpid(child, NULL, __WALL);
}

int main(int argc, char **argv) {
  alarm(120);
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  const char *how = argc > 1 ? argv[1] : "";
  if (strcmp(how, "traced") == 0) {
    pid_t child = fork();
    if (child != 0) {
      hold(child);
      return 0;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    return pause();
  }
  unsigned char *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int isBare = strcmp(how, "bare") == 0;
  memcpy(code, isBare ? bare : framed, isBare ? sizeof bare : sizeof framed);
  printf("%d %lx\n", (int)getpid(), (unsigned long)code);
  fflush(stdout);
  return outer((int (*)(int (*)(void)))(void *)code, wait_inside);
}
