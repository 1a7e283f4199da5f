// The whole proof for one collector: many foreign threads hold objects, each made, held over
// collections and checked; afterwards no more is in use than before. PLACE is
// scale:ALLOCATIONS:THREADS:COLLECTIONS. The program has `live` (bytes in use) besides held.h's.
#pragma once

#include "held.h"

static size_t live(void);

static struct {
  long allocations;
  int threads, collections;
} scale;
static int is_scale(const char *place) {
  return sscanf(place, "scale:%ld:%d:%d", &scale.allocations, &scale.threads,
                &scale.collections) == 3;
}
static atomic_long made, broken;
static atomic_int at_work;

// What it holds lies on this thread's stack only. Each object is checked before it is let go; each
// eighth is kept to the end.
__attribute__((unused)) static void *allocate_and_check(void *unused) {
  volatile Object places[COUNT];
  int numbers[COUNT];
  long share = scale.allocations / scale.threads, count = 0, bad = 0;
  for (int i = 0; i < COUNT; i++, count++) places[i] = make(numbers[i] = i);
  for (; count < share; count++) {
    int i = (int)(count % COUNT);
    if (i % 8 == 0) i++;
    bad += !is_whole(places[i], numbers[i]);
    places[i] = make(numbers[i] = (int)(count % 100));
  }
  for (int i = 0; i < COUNT; i++) bad += !is_whole(places[i], numbers[i]);
  made += count;
  broken += bad;
  at_work--;
  return unused;
}

// For a runtime whose objects only its own thread may make: the others hold, all at once.
struct holder {
  pthread_t id;
  sem_t given, taken, wanted;
  uintptr_t hidden[COUNT];
};
__attribute__((unused)) static void *hold_for(void *word) {
  struct holder *me = word;
  for (;;) {
    volatile uintptr_t places[COUNT];
    wait_for(&me->given);
    if (me->hidden[0] == 0) return NULL;
    for (int i = 0; i < COUNT; i++) places[i] = ~me->hidden[i];
    memset(me->hidden, 0, sizeof me->hidden);
    sem_post(&me->taken);
    wait_for(&me->wanted);
    for (int i = 0; i < COUNT; i++) me->hidden[i] = ~places[i];
    sem_post(&me->taken);
  }
}
__attribute__((noinline)) static void give(struct holder *to) {
  volatile Object mine[COUNT];  // making one may collect
  for (int i = 0; i < COUNT; i++) to->hidden[i] = ~(uintptr_t)(mine[i] = make(i));
  made += COUNT;
  sem_post(&to->given);
  wait_for(&to->taken);
  for (int i = 0; i < COUNT; i++) mine[i] = 0;
}
__attribute__((noinline)) static void take(struct holder *from) {
  sem_post(&from->wanted);
  wait_for(&from->taken);
  for (int i = 0; i < COUNT; i++) broken += !is_whole((Object)~from->hidden[i], i);
}
__attribute__((noinline)) static void churn(long count) {
  for (long n = 0; n < count; n++) broken += !is_whole(make((int)(n % 100)), (int)(n % 100));
  made += count > 0 ? count : 0;
}

static int tell(size_t before, int collections) {
  enum { SLACK = 8 << 20 };
  wipe();
  for (int i = 0; i < 3; i++) collect_once();
  size_t after = live();
  printf("%ld objects on %d threads, %d collections: %ld broken; %zu KiB in use, %zu before\n",
         (long)made, scale.threads, collections, (long)broken, after >> 10, before >> 10);
  return broken != 0 || made < scale.allocations - scale.threads || after > before + SLACK;
}
__attribute__((unused)) static int with_allocating_threads(void) {
  pthread_t *ids = calloc((size_t)scale.threads, sizeof *ids);
  size_t before = live();
  int collections = 0;
  at_work = scale.threads;
  for (int i = 0; i < scale.threads; i++)
    pthread_create(&ids[i], NULL, allocate_and_check, NULL);
  // The last collections have company, too: the threads' share is as long as it takes.
  for (; at_work > 0 || collections < scale.collections; collections++) collect_once();
  for (int i = 0; i < scale.threads; i++) pthread_join(ids[i], NULL);
  return tell(before, collections);
}
__attribute__((unused)) static int with_holding_threads(void) {
  struct holder *holders = calloc((size_t)scale.threads, sizeof *holders);
  size_t before = live();
  for (int i = 0; i < scale.threads; i++) {
    sem_init(&holders[i].given, 0, 0), sem_init(&holders[i].taken, 0, 0);
    sem_init(&holders[i].wanted, 0, 0);
    pthread_create(&holders[i].id, NULL, hold_for, &holders[i]);
  }
  long each = scale.allocations / scale.collections - (long)scale.threads * COUNT;
  for (int n = 0; n < scale.collections; n++) {
    for (int i = 0; i < scale.threads; i++) give(&holders[i]);
    wipe();
    collect_once();
    churn(each);
    for (int i = 0; i < scale.threads; i++) take(&holders[i]);
  }
  for (int i = 0; i < scale.threads; i++) {
    memset(holders[i].hidden, 0, sizeof holders[i].hidden);
    sem_post(&holders[i].given);
    pthread_join(holders[i].id, NULL);
  }
  return tell(before, scale.collections);
}
