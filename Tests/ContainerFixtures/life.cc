// life WHAT LIBRARY [FLAGS [scope]]: closes a container that left something behind.
#include <coexist_container.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static coexist_container container;
static char error[400];

template <typename T> static T guest(const char *name) {
  return reinterpret_cast<T>(coexist_container_lookup(container, name));
}
static int closes() {
  error[0] = 0;
  int result = coexist_container_close(container, error, sizeof error);
  if (result != 0) fprintf(stderr, "%s\n", error);
  return result == 0;
}
static int refuses(const char *why) { return !closes() && errno == EBUSY && strstr(error, why); }

static int ended;
static pthread_barrier_t touched, may_end;
static void *touches(void *) {
  guest<int (*)(int *)>("touch")(&ended);
  pthread_barrier_wait(&touched);
  pthread_barrier_wait(&may_end);
  return nullptr;
}

static int thread() {
  guest<int (*)()>("start_thread")();
  if (!refuses("1 thread of it still run")) return 0;
  guest<void (*)()>("stop_threads")();
  return closes();
}
static void *stops_soon(void *) {
  usleep(50000);
  guest<void (*)()>("stop_threads")();
  return nullptr;
}
static int waits() {
  pthread_t id;
  guest<int (*)()>("start_thread")();
  pthread_create(&id, nullptr, stops_soon, nullptr);
  int good = closes();
  pthread_join(id, nullptr);
  return good;
}
static int own_destructor() {
  guest<int (*)(int *)>("touch")(&ended);
  return closes() && ended == 1;
}
static int other_destructor() {
  pthread_t id;
  pthread_barrier_init(&touched, nullptr, 2);
  pthread_barrier_init(&may_end, nullptr, 2);
  pthread_create(&id, nullptr, touches, nullptr);
  pthread_barrier_wait(&touched);
  int good = refuses("1 thread_local objects of it");
  pthread_barrier_wait(&may_end);
  pthread_join(id, nullptr);
  return good && ended == 1 && closes();
}
static int key() {
  ended = 0;
  return guest<int (*)()>("keep_key")() && closes();
}
static int handlers() {
  struct sigaction now;
  if (!guest<int (*)()>("keep_handlers")() || !closes()) return 0;
  const int numbers[] = {SIGUSR1, SIGSEGV, SIGFPE};
  for (int number : numbers)
    if (sigaction(number, nullptr, &now) != 0 || now.sa_handler != SIG_DFL) return 0;
  return 1;
}
static int timer() {
  if (!guest<int (*)()>("keep_timer")()) return 0;
  usleep(20000);
  int good = closes();
  usleep(20000);
  return good;
}
static int exits() { return guest<int (*)(int *)>("keep_exits")(&ended) && closes() && ended == 1; }
static int stuck() { return refuses("never unloads libstdc++.so.6"); }
static int twice() { return closes() && !closes() && errno == ESRCH; }
static int sealed() {
  return coexist_container_seal(container) == 0 && coexist_container_seal(container) != 0 &&
         closes();
}

static const struct {
  const char *name;
  int (*holds)();
} rows[] = {{"thread", thread},     {"waits", waits},
            {"own_destructor", own_destructor}, {"other_destructor", other_destructor},
            {"key", key},           {"handlers", handlers},
            {"timer", timer},       {"exits", exits},
            {"stuck", stuck},       {"twice", twice},
            {"sealed", sealed}};

int main(int count, char **words) {
  coexist_container_options options = {};
  options.library = words[2];
  options.flags = count > 3 ? (unsigned)atoi(words[3]) : (unsigned)COEXIST_CONTAINER_COPIES;
  options.isolation = count > 4 ? COEXIST_CONTAINER_SCOPE : COEXIST_CONTAINER_NAMESPACE;
  options.close_timeout_ms = 200;
  if (coexist_container_open(&options, &container, error, sizeof error) != 0)
    return fprintf(stderr, "%s\n", error), 2;
  for (auto &row : rows)
    if (strcmp(row.name, words[1]) == 0) return row.holds() ? 0 : 1;
  return 3;
}
