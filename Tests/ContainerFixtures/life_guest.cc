// What a library can leave behind in its process; life.cc closes its container then.
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string>
#include <time.h>
#include <unistd.h>

#define GUEST extern "C" __attribute__((visibility("default")))

static volatile int stop;
static void *work(void *) {
  while (!stop) usleep(1000);
  return nullptr;
}
GUEST int start_thread() {
  pthread_t id;
  stop = 0;
  return pthread_create(&id, nullptr, work, nullptr) == 0 && pthread_detach(id) == 0;
}
GUEST void stop_threads() { stop = 1; }
static volatile unsigned long burnt;
GUEST void burn() {
  for (unsigned long i = 0; i < 300000000; i++) burnt += i;
}
GUEST void crash() { *(volatile int *)8 = 1; }

static int *ended;
struct Local {
  std::string text = "a text that is too long for the object itself";
  ~Local() { ++*ended; }
};
static thread_local Local local;
GUEST int touch(int *counter) {
  ended = counter;
  return local.text.size() > 4;
}

static void destroy(void *) { ++*ended; }
GUEST int keep_key() {
  pthread_key_t key;
  return pthread_key_create(&key, destroy) == 0 && pthread_setspecific(key, &key) == 0;
}
static void handle(int) {}
GUEST int keep_handlers() {
  return signal(SIGUSR1, handle) != SIG_ERR && signal(SIGSEGV, handle) != SIG_ERR &&
         signal(SIGFPE, handle) != SIG_ERR;
}
static void tick(sigval) {}
GUEST int keep_timer() {
  sigevent event = {};
  timer_t timer;
  itimerspec often = {{0, 1000000}, {0, 1000000}};
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = tick;
  return timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 &&
         timer_settime(timer, 0, &often, nullptr) == 0;
}
static void leaving(int, void *) { abort(); }
static void last() { ++*ended; }
GUEST int keep_exits(int *counter) {
  ended = counter;
  return on_exit(leaving, nullptr) == 0 && atexit(last) == 0;
}
