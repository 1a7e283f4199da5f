// A program with signals, threads, timers and children, of which every answer is known. `wrong` has
// a bug for each sanitizer; `crash` dies in a chain of calls.
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t calls;
static sigjmp_buf back;
static int shared;

static void count(int signal) { (void)signal, __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED); }
static void leave(int signal, siginfo_t *info, void *context) {
  (void)signal, (void)context;
  siglongjmp(back, info->si_addr != NULL);
}
static void *work(void *page) {
  (void)page;
  for (int n = 0; n < 1000; n++) free(malloc(n * 16));
  pthread_kill(pthread_self(), SIGUSR1);
  return NULL;
}
static void *race(void *unused) {
  for (int n = 0; n < 100000; n++) shared++;
  return unused;
}

__attribute__((noinline)) static int third(volatile int *address) { return *address = 1; }
__attribute__((noinline)) static int second(volatile int *address) { return third(address) + 1; }
__attribute__((noinline)) static int first(volatile int *address) { return second(address) + 1; }

static int wrong(int count) {
  pthread_t other;
  pthread_create(&other, NULL, race, NULL);
  race(NULL);
  pthread_join(other, NULL);
  volatile int large = 0x7fffffff;
  large += count;
  volatile char *memory = malloc(8);
  memory[7 + count] = 1;
  return 0;
}

static void check(const char *what, int is) {
  if (!is) printf("not %s\n", what), exit(1);
  printf("%s ok\n", what), fflush(stdout);
}

int main(int words, char **word) {
  if (words > 1 && !strcmp(word[1], "crash")) return first((volatile int *)16);
  if (words > 1) return wrong(words - 1);
  signal(SIGUSR1, count);
  pthread_t threads[8];
  for (int n = 0; n < 8; n++) pthread_create(&threads[n], NULL, work, NULL);
  for (int n = 0; n < 8; n++) pthread_join(threads[n], NULL);
  check("a signal for each thread", calls > 0);
  struct sigaction action = {.sa_sigaction = leave, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, NULL);
  char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (volatile int n = 0; n < 3; n++)
    if (sigsetjmp(back, 1) == 0) *(volatile char *)page = 1, check("a fault", 0);
  check("three faults", 1);
  calls = 0;
  signal(SIGALRM, count);
  timer_t timer;
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
  check("a timer", timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
  struct itimerspec soon = {.it_value.tv_nsec = 1000000};
  timer_settime(timer, 0, &soon, NULL);
  while (calls == 0) usleep(1000);
  check("its signal", calls == 1);
  int status;
  pid_t child = fork();
  if (child == 0) signal(SIGSEGV, SIG_DFL), raise(SIGTERM), _exit(1);
  waitpid(child, &status, 0);
  check("a child's end", WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}
