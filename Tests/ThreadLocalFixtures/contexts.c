// Contexts by hand (coexist.h): GUEST is a library with thread-local state, FILLER one to load
// often.
#include <coexist.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void (*guest_set)(long);
static int (*guest_check)(long);
static void *(*guest_address)(void);
static int failures;
#define CHECK(what) \
  do { \
    if (!(what)) failures++, fprintf(stderr, "line %d: %s\n", __LINE__, #what); \
  } while (0)

static void *on_thread(void *(*function)(void *), void *argument) {
  pthread_t thread;
  void *result;
  pthread_create(&thread, NULL, function, argument);
  pthread_join(thread, &result);
  return result;
}

static coexist_context_t context;
static void *address;
static void *elsewhere(void *unused) {
  (void)unused;
  CHECK(!guest_check(7));
  guest_set(99);
  CHECK(coexist_enter(context) == 0);
  CHECK(coexist_current() == context);
  CHECK(guest_check(7));
  CHECK(guest_address() == address);
  CHECK(coexist_leave(context) == 0);
  CHECK(guest_check(99));
  return NULL;
}
static void migrates(void) {
  context = coexist_create();
  CHECK(context != NULL);
  guest_set(1);
  CHECK(coexist_enter(context) == 0);
  CHECK(coexist_enter(context) == EBUSY);
  guest_set(7);
  address = guest_address();
  CHECK(coexist_leave(context) == 0);
  CHECK(coexist_leave(context) == EPERM);
  CHECK(guest_check(1));
  for (int i = 0; i < 100; i++) on_thread(elsewhere, NULL);
  CHECK(coexist_enter(context) == 0 && guest_check(7) && coexist_leave(context) == 0);
}

static void nests(void) {
  coexist_context_t inner = coexist_create();
  coexist_enter(context);
  guest_set(20);
  coexist_enter(inner);
  guest_set(30);
  CHECK(coexist_leave(context) == EPERM);
  coexist_leave(inner);
  CHECK(guest_check(20));
  coexist_leave(context);
  CHECK(guest_check(1));
  CHECK(coexist_destroy(inner) == 0);
}

// The loader moves and refills a thread's vector when modules come and go.
static void modules_come_and_go(const char *filler) {
  coexist_enter(context);
  guest_set(40);
  void *handles[24];
  for (int i = 0; i < 24; i++) {
    char copy[300], command[700];
    snprintf(copy, sizeof copy, "/tmp/coexist-filler-%d-%d.so", getpid(), i);
    snprintf(command, sizeof command, "LD_PRELOAD= cp %s %s", filler, copy);
    if (system(command) != 0) abort();
    handles[i] = dlopen(copy, RTLD_NOW);
    CHECK(handles[i] != NULL);
    void (*set)(long) = (void (*)(long))dlsym(handles[i], "guest_set");
    set(i);
    unlink(copy);
    CHECK(guest_check(40));
  }
  coexist_leave(context);
  CHECK(guest_check(1));
  coexist_enter(context);
  CHECK(guest_check(40));
  coexist_leave(context);
  for (int i = 0; i < 24; i++) dlclose(handles[i]);
  CHECK(guest_check(1));
}

static void *exits_inside(void *unused) {
  coexist_enter(context);
  guest_set(50);
  return unused;
}
static void thread_exits_inside(void) {
  on_thread(exits_inside, NULL);
  CHECK(coexist_enter(context) == 0);
  CHECK(guest_check(50));
  coexist_leave(context);
}
static void forks_inside(void) {
  coexist_enter(context);
  guest_set(60);
  pid_t child = fork();
  if (child == 0) {
    int good = guest_check(60) && coexist_leave(context) == 0 && guest_check(1);
    _exit(good ? 0 : 1);
  }
  int status;
  waitpid(child, &status, 0);
  CHECK(status == 0);
  CHECK(guest_check(60));
  coexist_leave(context);
}

static void *small_work(void *argument) {
  char room[40000];
  memset(room, 1, sizeof room);
  guest_set(70 + room[5]);
  CHECK(coexist_current() == context);
  return argument;
}
static void calls(void) {
  void *result = NULL;
  CHECK(coexist_call(context, 65536, small_work, &result, &result) == 0);
  CHECK(result == &result);
  CHECK(guest_check(1));
  coexist_enter(context);
  CHECK(guest_check(71));
  coexist_leave(context);
}

static void many(void) {
  enum { N = 2000 };
  static coexist_context_t all[N];
  for (int i = 0; i < N; i++) {
    all[i] = coexist_create();
    coexist_enter(all[i]), guest_set(i), coexist_leave(all[i]);
  }
  for (int i = 0; i < N; i++)
    coexist_enter(all[i]), failures += !guest_check(i), coexist_leave(all[i]);
  for (int i = 0; i < N; i++) CHECK(coexist_destroy(all[i]) == 0);
  CHECK(guest_check(1));
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  void *guest = dlopen(argv[1], RTLD_NOW);
  guest_set = (void (*)(long))dlsym(guest, "guest_set");
  guest_check = (int (*)(long))dlsym(guest, "guest_check");
  guest_address = (void *(*)(void))dlsym(guest, "guest_address");
  if (!coexist_present()) return puts("not preloaded: nothing to do"), 3;
  migrates(), nests(), modules_come_and_go(argv[2]), thread_exits_inside(), forks_inside(), calls();
  many();
  // Loaded while a context has a block of it; gone at the first dlclose after the last one.
  dlclose(guest);
  void *held = dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD);
  CHECK(held != NULL);
  dlclose(held);
  CHECK(coexist_destroy(context) == 0);
  dlclose(dlopen(argv[2], RTLD_NOW));
  CHECK(dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD) == NULL);
  printf("%d failures\n", failures);
  return failures != 0;
}
