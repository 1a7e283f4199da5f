#include "border.h"

#include <ctype.h>
#include <string.h>

static void *host_alpha(void *) { return (void *)(long)(isalpha('x') != 0 && toupper('q') == 'Q'); }

static int made_by_guest() {
  pthread_t id;
  void *result;
  return GUEST(int (*)(pthread_t *, void *(*)(void *), void *), start)(
             &id, GUEST(void *(*)(void *), is_alpha_thread), nullptr) == 0 &&
         GUEST(int (*)(pthread_t, void **), join)(id, &result) == 0 && result == (void *)1;
}
static int joined_by_host() {
  pthread_t id;
  void *result;
  return GUEST(int (*)(pthread_t *, void *(*)(void *), void *), start)(
             &id, GUEST(void *(*)(void *), is_alpha_thread), nullptr) == 0 &&
         pthread_join(id, &result) == 0 && result == (void *)1;
}
static int guest_code_on_host_thread() {
  pthread_t id;
  void *result;
  return pthread_create(&id, nullptr, GUEST(void *(*)(void *), is_alpha_thread), nullptr) == 0 &&
         pthread_join(id, &result) == 0 && result == (void *)1;
}
static int host_code_on_guest_thread() {
  pthread_t id;
  void *result;
  return GUEST(int (*)(pthread_t *, void *(*)(void *), void *), start)(&id, host_alpha, nullptr) ==
             0 &&
         pthread_join(id, &result) == 0 && result == (void *)1;
}
static int cancel() { return GUEST(int (*)(), cancel)(); }
static int exits() { return GUEST(int (*)(), exits)(); }
static int std_thread() { return GUEST(int (*)(), std_thread)() == 3; }

static int mixed() {
  auto start = GUEST(int (*)(pthread_t *, void *(*)(void *), void *), start);
  auto alpha = GUEST(void *(*)(void *), is_alpha_thread);
  for (int round = 0; round < 100; round++) {
    pthread_t ids[20];
    for (int i = 0; i < 20; i++)
      if (i % 2 ? start(&ids[i], host_alpha, nullptr) : pthread_create(&ids[i], nullptr, alpha,
                                                                       nullptr))
        return 0;
    for (int i = 0; i < 20; i++) {
      void *result;
      if (pthread_join(ids[i], &result) != 0 || result != (void *)1) return 0;
    }
  }
  return 1;
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static long counter;
static void *count_up(void *inside_too) {
  auto lock = GUEST(int (*)(pthread_mutex_t *), lock), unlock = GUEST(int (*)(pthread_mutex_t *),
                                                                      unlock);
  for (int i = 0; i < 20000; i++) {
    inside_too ? lock(&mutex) : pthread_mutex_lock(&mutex);
    counter++;
    inside_too ? unlock(&mutex) : pthread_mutex_unlock(&mutex);
  }
  return nullptr;
}
static int mutex_across() {
  pthread_t ids[4];
  for (long i = 0; i < 4; i++) pthread_create(&ids[i], nullptr, count_up, (void *)(i % 2));
  for (auto id : ids) pthread_join(id, nullptr);
  return counter == 80000;
}
static void *wake(void *) {
  pthread_mutex_lock(&mutex);
  counter = -1;
  pthread_cond_signal(&condition);
  pthread_mutex_unlock(&mutex);
  return nullptr;
}
static int condition_across() {
  pthread_t id;
  pthread_mutex_lock(&mutex);
  pthread_create(&id, nullptr, wake, nullptr);
  while (counter != -1)
    GUEST(int (*)(pthread_cond_t *, pthread_mutex_t *), wait_for)(&condition, &mutex);
  pthread_mutex_unlock(&mutex);
  return pthread_join(id, nullptr) == 0;
}
static int same_self() { return GUEST(pthread_t(*)(), self)() == pthread_self(); }
static int user() {
  pthread_t id;
  pthread_create(&id, nullptr, host_alpha, nullptr);
  int good = GUEST(int (*)(), change_user)();
  return pthread_join(id, nullptr) == 0 && good;
}

const Row thread_rows[] = {
    {"thread_made_inside", made_by_guest},
    {"thread_joined_outside", joined_by_host},
    {"ctype_inside_on_outer_thread", guest_code_on_host_thread},
    {"ctype_outside_on_inner_thread", host_code_on_guest_thread},
    {"pthread_cancel", cancel},
    {"pthread_exit", exits},
    {"std_thread", std_thread},
    {"threads_mixed_2000", mixed},
    {"mutex", mutex_across},
    {"condition", condition_across},
    {"pthread_self", same_self},
    {"setuid_with_threads", user},
    {nullptr, nullptr},
};
