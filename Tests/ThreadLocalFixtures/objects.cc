// A guest with thread_local objects and a pthread key: who destroys what, when, in which order.
#include <cstdio>
#include <pthread.h>

static char log_text[256];
static int log_length;
static void say(char what, long number) {
  log_length += std::snprintf(log_text + log_length, sizeof log_text - log_length, "%c%ld ", what,
                              number);
}
struct Object {
  char name;
  long number = 0;
  explicit Object(char name) : name(name) {}
  ~Object() { say(name, number); }
};
static thread_local Object first('a'), second('b');
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static void ended(void *value) { say('k', reinterpret_cast<long>(value)); }
static void make() { pthread_key_create(&key, ended); }

extern "C" void objects_use(long number) {
  pthread_once(&once, make);
  first.number = number, second.number = number;
  pthread_setspecific(key, reinterpret_cast<void *>(number));
}
extern "C" int objects_check(long number) {
  return first.number == number && second.number == number &&
         pthread_getspecific(key) == reinterpret_cast<void *>(number);
}
extern "C" const char *objects_log() { return log_text; }
extern "C" void objects_clear() { log_length = 0, log_text[0] = 0; }
