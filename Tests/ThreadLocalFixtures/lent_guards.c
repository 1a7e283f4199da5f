// lent_guards GUEST CASE: what the kernel and libc know about the thread that runs, inside calls
// with a donor's FS register. Exit status: 0 all is right, 1 not so.
#include <coexist.h>
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STACK = 262144, CALLS = 20000, STOPS = 2000 };
static void (*guest_set)(long), (*guest_install)(int);
static int (*guest_check)(long);
static long (*guest_handled)(void), (*guest_lost)(void);
static long *guest_expected;
static sem_t *guest_answered;
static int failures;
static coexist_context_t first, second;
static pthread_key_t key;
static __thread long mine;  // of this program

static void expect(int is_right, const char *what) {
  if (!is_right && __atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED) < 5) puts(what);
}
static void *call(coexist_context_t context, void *(*function)(void *), void *argument) {
  void *value = NULL;
  if (!coexist_present()) return function(argument);
  expect(coexist_call(context, STACK, function, argument, &value) == 0, "call");
  return value;
}
static void *set(void *number) { return guest_set((long)number), NULL; }
static void *check(void *number) { return (void *)(long)guest_check((long)number); }
static void check_both(const char *when) {
  expect(call(first, check, (void *)1) != NULL, when);
  expect(call(second, check, (void *)2) != NULL, when);
}
static void *nothing(void *unused) { return unused; }

// ---- Handlers of others have the thread's own register ----

static volatile long alarms, foreign;
static pthread_t main_thread;
static void on_alarm(int signal) {
  (void)signal;
  alarms++;
  if (mine != 42 || !pthread_equal(pthread_self(), main_thread)) foreign++;
}
static void *spin(void *number) {
  long sum = 0;
  for (volatile int i = 0; i < 50; i++) sum += guest_check((long)number);
  return (void *)(sum == 50L);
}
static void signals(void) {
  main_thread = pthread_self(), mine = 42;
  struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &action, NULL);
  // Each alarm is set after the one before it: a timer that repeats may be faster than a busy
  // machine handles it, and then the program never goes on.
  for (long seen = -1; alarms < 500 && failures == 0;) {
    struct itimerval once = {{0, 0}, {0, 1 + alarms % 97}};
    if (alarms != seen) seen = alarms, setitimer(ITIMER_REAL, &once, NULL);
    expect(call(first, spin, (void *)1) != NULL, "under signals");
    expect(call(second, spin, (void *)2) != NULL, "under signals");
  }
  expect(foreign == 0, "a handler of the program's ran with a guest's register");
}

// ---- Stop signals go to the name that the guest has for its thread ----

static pthread_t names[2];
static int over;
static void *tell_name(void *argument) {
  *(pthread_t *)argument = pthread_self();
  return NULL;
}
static void *stop(void *unused) {
  for (int i = 0; i < STOPS; i++) {
    *guest_expected = 1 + i % 2;
    expect(pthread_kill(names[i % 2], SIGUSR2) == 0, "pthread_kill");
    while (sem_wait(guest_answered) != 0) {}
  }
  __atomic_store_n(&over, 1, __ATOMIC_RELEASE);
  return unused;
}
static void *count_lost(void *sum) {
  *(long *)sum += guest_lost();
  return (void *)guest_handled();
}
static void stops(void) {
  guest_install(SIGUSR2);
  call(first, tell_name, &names[0]), call(second, tell_name, &names[1]);
  pthread_t id;
  pthread_create(&id, NULL, stop, NULL);
  while (!__atomic_load_n(&over, __ATOMIC_ACQUIRE)) {
    expect(call(first, spin, (void *)1) != NULL, "while stopped");
    expect(call(second, spin, (void *)2) != NULL, "while stopped");
  }
  pthread_join(id, NULL);
  long lost = 0;
  long handled = (long)call(first, count_lost, &lost) + (long)call(second, count_lost, &lost);
  expect(handled == STOPS, "stop signals were handled elsewhere");
  expect(lost == 0, "a stop signal was handled under another's name");
}

// ---- fork, exit, bounds, ids, jumps, CPUs ----

static void *fork_inside(void *unused) {
  pthread_setspecific(key, (void *)5);
  pid_t child = fork();
  if (child == 0) {
    int right = guest_check(1) && pthread_getspecific(key) == (void *)5;
    for (int round = 0; round < 8; round++) {
      pthread_t ids[8];
      for (int i = 0; i < 8; i++) pthread_create(&ids[i], NULL, nothing, NULL);
      for (int i = 0; i < 8; i++) pthread_join(ids[i], NULL);
      free(malloc(100000));
    }
    right &= guest_check(1) && mine == 0;
    return (void *)(right ? 10L : 11L);
  }
  int status = -1;
  waitpid(child, &status, 0);
  expect(status == 0, "the child");
  return unused;
}
static void forks(void) {
  pthread_key_create(&key, NULL);
  mine = 42;
  long in_child = (long)call(first, fork_inside, NULL);
  if (in_child == 0) return check_both("after the fork");
  check_both("in the child");
  expect(mine == 42, "the child's own");
  expect(coexist_destroy(second) == 0, "destroy in the child");
  _exit(in_child != 10 || failures != 0);
}

static void *leave_thread(void *unused) {
  pthread_exit((void *)77);
  return unused;
}
static void *thread_that_leaves(void *unused) { return call(first, leave_thread, unused); }
static void exits(void) {
  for (int i = 0; i < 20; i++) {
    pthread_t id;
    void *value = NULL;
    pthread_create(&id, NULL, thread_that_leaves, NULL);
    expect(pthread_join(id, &value) == 0 && value == (void *)77, "pthread_exit");
    check_both("after a thread's end inside");
  }
}

static void *bounds_inside(void *unused) {
  pthread_attr_t attributes;
  void *low;
  size_t size;
  pthread_getattr_np(pthread_self(), &attributes);
  pthread_attr_getstack(&attributes, &low, &size);
  pthread_attr_destroy(&attributes);
  char *here = (char *)&low;
  return (void *)(here > (char *)low && here < (char *)low + size && size >= STACK ? 1L : 0L);
  (void)unused;
}
static void bounds(void) {
  expect(call(first, bounds_inside, NULL) == (void *)1, "pthread_getattr_np inside");
  check_both("bounds");
}

static void *set_ids(void *unused) {
  int right = setuid(getuid()) == 0 && setgid(getgid()) == 0 && setresuid(-1, -1, -1) == 0;
  return (void *)(long)(right && guest_check(1));
  (void)unused;
}
static void *set_ids_outside(void *unused) {
  for (int i = 0; i < 200; i++) setuid(getuid()), setgid(getgid());
  __atomic_store_n(&over, 1, __ATOMIC_RELEASE);
  return unused;
}
static void ids(void) {
  expect(call(first, set_ids, NULL) != NULL, "setuid inside");
  pthread_t id;
  pthread_create(&id, NULL, set_ids_outside, NULL);
  while (!__atomic_load_n(&over, __ATOMIC_ACQUIRE)) check_both("while ids are set");
  pthread_join(id, NULL);
}

static jmp_buf back;
static void *jump_out(void *unused) {
  longjmp(back, 1);
  return unused;
}
static void jumps(void) {
  mine = 42;
  for (volatile int i = 0; i < 20; i++) {
    if (setjmp(back) == 0) call(first, jump_out, NULL);
    expect(mine == 42, "a jump out keeps the guest's register");
    expect(coexist_leave(first) == 0, "leave by hand");
    check_both("after a jump out");
  }
}

static void *cpu_inside(void *unused) {
  unsigned cpu = 99;
  syscall(SYS_getcpu, &cpu, NULL, NULL);
  return (void *)(long)(sched_getcpu() == (int)cpu);
  (void)unused;
}
static void cpus(void) {
  check_both("first");
  for (int i = 0; i < 200; i++) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(i % sysconf(_SC_NPROCESSORS_ONLN), &set);
    sched_setaffinity(0, sizeof set, &set);
    expect(call(first, cpu_inside, NULL) != NULL, "sched_getcpu");
  }
}

static const struct {
  const char *name;
  void (*run)(void);
} cases[] = {{"signals", signals}, {"stops", stops}, {"fork", forks}, {"exit", exits},
             {"bounds", bounds},   {"ids", ids},     {"jumps", jumps}, {"cpus", cpus}};

int main(int count, char **words) {
  if (count < 3) return 2;
  setvbuf(stdout, NULL, _IONBF, 0);
  coexist_policy(strrchr(words[1], '/') + 1, COEXIST_MODULE_REGISTER);
  void *guest = dlopen(words[1], RTLD_NOW);
  guest_set = (void (*)(long))dlsym(guest, "guest_set");
  guest_install = (void (*)(int))dlsym(guest, "guest_install");
  guest_check = (int (*)(long))dlsym(guest, "guest_check");
  guest_handled = (long (*)(void))dlsym(guest, "guest_handled");
  guest_lost = (long (*)(void))dlsym(guest, "guest_lost");
  guest_expected = dlsym(guest, "guest_expected");
  guest_answered = dlsym(guest, "guest_answered");
  first = coexist_create(), second = coexist_create();
  call(first, set, (void *)1), call(second, set, (void *)2);
  check_both("at the beginning");
  for (unsigned i = 0; i < sizeof cases / sizeof cases[0] && failures == 0; i++)
    if (strcmp(words[2], cases[i].name) == 0) cases[i].run();
  expect(coexist_destroy(first) == 0 && coexist_destroy(second) == 0, "destroy");
  printf("%d failures\n", failures);
  return failures != 0;
}
