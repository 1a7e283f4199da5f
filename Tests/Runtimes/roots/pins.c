// Pins, regions and coexist_roots_each (coexist.h).
#include "holding.h"

static coexist_pin_t pins[COUNT];
__attribute__((noinline)) static void pin_all(uintptr_t *hidden) {
  for (int i = 0; i < COUNT; i++) {
    void *object = make(i);
    hidden[i] = ~(uintptr_t)object;
    pins[i] = coexist_pin(object);
    pins[i].object = NULL;  // the program's own copy would hold it, too
  }
}
static int wrong_hidden(const uintptr_t *hidden) {
  int bad = lost;
  for (int i = 0; i < COUNT; i++) bad += !is_whole((void *)~hidden[i], i);
  return bad;
}
int pinned(void) {
  uintptr_t hidden[COUNT];
  pin_all(hidden);
  collect();
  int bad = wrong_hidden(hidden);
  for (int i = 0; i < COUNT; i++) {
    pins[i].object = (void *)~hidden[i];
    bad += coexist_unpin(pins[i]) != 0;
    bad += coexist_unpin(pins[i]) != EINVAL;  // once only
    pins[i].object = NULL;
  }
  coexist_pin_t none = coexist_pin(NULL), foreign = {pins, pins};
  bad += none.place != NULL || coexist_unpin(none) != EINVAL || coexist_unpin(foreign) != EINVAL;
  memset(hidden, 0, sizeof hidden);
  collect();
  if (bad + (lost < COUNT - 4)) printf("%d bad, %d freed\n", bad, lost);
  return bad + (lost < COUNT - 4);  // one or two may be held by an old word on the stack
}
int region(void) {
  void **places = malloc(COUNT * sizeof *places);
  int bad = coexist_region(places, COUNT * sizeof *places) != 0;
  fill(places);
  collect();
  bad += wrong(places) + (coexist_region_end(places) != 0) + (coexist_region_end(places) != EINVAL);
  return bad + (coexist_region(NULL, 8) != EINVAL);
}
static uintptr_t sought;
static atomic_int seen;
static void look(const void *low, const void *high, void *argument) {
  (void)argument;
  for (const uintptr_t *word = low; (const void *)(word + 1) <= high; word++)
    if (*word == ~sought) seen++;
}
static void *holds(void *unused) {
  (void)unused;
  volatile uintptr_t held = ~sought;
  filled_now();
  result = held != ~sought;
  return NULL;
}
int roots_each(void) {
  if (!coexist_present()) return 1;
  sought = ~(uintptr_t)0x1234567890ABCDE8;
  pthread_t id;
  pthread_create(&id, NULL, holds, NULL);
  while (sem_wait(&filled) != 0) {}
  int bad = coexist_roots_each(COEXIST_ROOTS_PINS, look, NULL) != 0 || seen != 0;
  bad += coexist_roots_each(COEXIST_ROOTS_STACKS, look, NULL) != 0 || seen == 0;
  seen = 0;
  coexist_pin_t pin = coexist_pin((void *)~sought);
  bad += coexist_roots_each(COEXIST_ROOTS_PINS, look, NULL) != 0 || seen != 1;
  coexist_unpin(pin);
  sem_post(&collected);
  pthread_join(id, NULL);
  return bad + result + (coexist_roots_each(8, look, NULL) != EINVAL);
}
