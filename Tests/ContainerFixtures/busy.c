// busy LIBRARY SECONDS [scope]: threads open, look up and close containers at once, under a signal
// storm, and one forks; no deadlock, no stale address.
#include <coexist_container.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *library;
static time_t until;
static unsigned isolation;
static int bad, rounds;
static volatile sig_atomic_t ticks;
static void tick(int number) { (void)number, ticks++; }

static void *work(void *argument) {
  (void)argument;
  while (time(NULL) < until) {
    struct coexist_container_options options = {.library = library, .isolation = isolation};
    coexist_container container;
    char error[400] = "";
    if (coexist_container_open(&options, &container, error, sizeof error) != 0) {
      printf("%s\n", error), bad++;
      return NULL;
    }
    const char *(*version)(void) = coexist_container_lookup(container, "zlibVersion");
    if (version == NULL || version()[0] != '1') bad++;
    if (coexist_container_close(container, error, sizeof error) != 0) printf("%s\n", error), bad++;
    if (coexist_container_lookup(container, "zlibVersion") != NULL) bad++;
    __atomic_fetch_add(&rounds, 1, __ATOMIC_RELAXED);
  }
  return NULL;
}

static void *forks(void *argument) {
  while (time(NULL) < until) {
    pid_t child = fork();
    if (child == 0) {
      until = 1;  // one round in the child, whatever the parent's threads were doing
      struct coexist_container_info info[64];
      _exit(coexist_container_list(info, 64) >= 0 ? 0 : 1);
    }
    int status;
    if (waitpid(child, &status, 0) == child && status != 0) bad++;
    usleep(5000);
  }
  return argument;
}

int main(int count, char **words) {
  pthread_t ids[5];
  isolation = count > 3 ? COEXIST_CONTAINER_SCOPE : COEXIST_CONTAINER_NAMESPACE;
  library = words[1], until = time(NULL) + (count > 2 ? atoi(words[2]) : 2);
  struct sigaction action = {.sa_handler = tick, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &action, NULL);
  struct itimerval often = {{0, 500}, {0, 500}};
  setitimer(ITIMER_REAL, &often, NULL);
  for (int i = 0; i < 4; i++) pthread_create(&ids[i], NULL, work, NULL);
  pthread_create(&ids[4], NULL, forks, NULL);
  for (int i = 0; i < 5; i++) pthread_join(ids[i], NULL);
  printf("%d rounds, %d signals, %d bad\n", rounds, (int)ticks, bad);
  return bad != 0 || rounds == 0;
}
