// ocaml PLACE: objects of OCaml that a pin or a C variable alone holds, and threads that OCaml's
// thread library was never told of. Its collector moves objects.
#include <caml/callback.h>
#include <caml/memory.h>
#include <caml/mlvalues.h>
#include <caml/threads.h>
#include <coexist.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT = 64, THREADS = 4, CALLS = 50 };

static value call(const char *name, value argument) {
  return caml_callback(*caml_named_value(name), argument);
}
static value make(int number) { return call("make", Val_int(number)); }
static int is_whole(value object, int number) {
  return Bool_val(caml_callback2(*caml_named_value("is_whole"), object, Val_int(number)));
}
static void collect(void) { call("collect", Val_unit); }

// ---- pins ----

static coexist_pin_t pins[COUNT];
static int pinned(void) {
  int bad = 0;
  for (int i = 0; i < COUNT; i++) pins[i] = coexist_pin((void *)make(i));
  collect();
  for (int i = 0; i < COUNT; i++) {
    void *now = (void *)coexist_pinned(pins[i]);
    bad += now == pins[i].object || !is_whole((value)now, i);  // it must have been moved
  }
  for (int i = 0; i < COUNT; i++) bad += coexist_unpin(pins[i]) != 0;
  for (int i = 0; i < COUNT; i++) bad += coexist_present() && coexist_unpin(pins[i]) == 0;
  return bad;
}

// At scale: threads that OCaml was not told of, each with the lock for a moment, hold objects by
// pins only while another thread moves them. PLACE is scale:ALLOCATIONS:THREADS:COLLECTIONS.
static long allocations;
static int threads, collections;
static atomic_long made, broken;
static atomic_int at_work;
static void *pin_and_check(void *unused) {
  coexist_pin_t held[COUNT];
  for (long count = 0; count < allocations / threads; count += COUNT) {
    caml_acquire_runtime_system();
    for (int i = 0; i < COUNT; i++) held[i] = coexist_pin((void *)make(i));
    caml_release_runtime_system();
    sched_yield();
    caml_acquire_runtime_system();
    for (int i = 0; i < COUNT; i++) {
      broken += !is_whole((value)coexist_pinned(held[i]), i);
      broken += coexist_unpin(held[i]) != 0;
    }
    caml_release_runtime_system();
    made += COUNT;
  }
  at_work--;
  return unused;
}
static long live(void) {
  call("compact", Val_unit);
  return Long_val(call("live", Val_unit));
}
static int at_scale(void) {
  enum { SLACK = 8 << 20 };
  pthread_t *ids = calloc((size_t)threads, sizeof *ids);
  long before = live();
  int count = 0;
  at_work = threads;
  for (int i = 0; i < threads; i++) pthread_create(&ids[i], NULL, pin_and_check, NULL);
  for (; at_work > 0 || count < collections; count++) {
    call("compact", Val_unit);
    caml_release_runtime_system();
    sched_yield();
    caml_acquire_runtime_system();
  }
  for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL);
  long after = live();
  printf("%ld objects on %d threads, %d collections: %ld broken; %ld KiB in use, %ld before\n",
         (long)made, threads, count, (long)broken, after >> 10, before >> 10);
  return broken != 0 || made < allocations - threads || after > before + SLACK;
}

// What coexist cannot do: nobody tells OCaml's collector where to write the new address.
static int local(void) {
  volatile value objects[COUNT];
  for (int i = 0; i < COUNT; i++) objects[i] = make(i);
  collect();
  int bad = 0;
  for (int i = 0; i < COUNT; i++) bad += !is_whole(objects[i], i);
  return bad;
}

// ---- threads ----

static atomic_int bad_calls, working;
static void *enter(void *word) {
  for (int i = 0; i < CALLS; i++) {
    caml_acquire_runtime_system();
    bad_calls += Int_val(call("work", Val_int((int)(intptr_t)word + i)));
    caml_release_runtime_system();
  }
  working--;
  return NULL;
}
static int enters(void) {
  pthread_t ids[THREADS];
  working = THREADS;
  for (int i = 0; i < THREADS; i++)
    pthread_create(&ids[i], NULL, enter, (void *)(intptr_t)(i * 7));
  while (working > 0) {
    collect();
    caml_release_runtime_system();
    sched_yield();
    caml_acquire_runtime_system();
  }
  // With the lock, as a program may: no thread's end may wait for it.
  for (int i = 0; i < THREADS; i++) pthread_join(ids[i], NULL);
  collect();
  return bad_calls;
}
// Threads that are older than OCaml and its thread library.
static sem_t begun;
static void *enter_later(void *word) {
  while (sem_wait(&begun) != 0) {}
  return enter(word);
}
static pthread_t olders[THREADS];
static void make_olders(void) {
  sem_init(&begun, 0, 0);
  working = THREADS;
  for (int i = 0; i < THREADS; i++)
    pthread_create(&olders[i], NULL, enter_later, (void *)(intptr_t)(i * 7));
}
static int older(void) {
  for (int i = 0; i < THREADS; i++) sem_post(&begun);
  caml_release_runtime_system();
  for (int i = 0; i < THREADS; i++) pthread_join(olders[i], NULL);
  caml_acquire_runtime_system();
  collect();
  return bad_calls;
}
// One that tells OCaml itself is not told twice.
static void *told(void *word) {
  int bad = caml_c_thread_register() != 1;
  enter(word);
  bad += caml_c_thread_unregister() != 1 || caml_c_thread_unregister() != 0;
  bad_calls += bad;
  return NULL;
}
static int registers(void) {
  pthread_t id;
  working = 1;
  pthread_create(&id, NULL, told, NULL);
  caml_release_runtime_system();
  pthread_join(id, NULL);
  caml_acquire_runtime_system();
  collect();
  return bad_calls;
}

int main(int count, char **words) {
  if (count != 2) return 2;
  char *arguments[] = {words[0], NULL};
  if (strcmp(words[1], "older") == 0) make_olders();
  caml_startup(arguments);
  int is_scale = sscanf(words[1], "scale:%ld:%d:%d", &allocations, &threads, &collections) == 3;
  int bad = is_scale                             ? at_scale()
            : strcmp(words[1], "pinned") == 0    ? pinned()
            : strcmp(words[1], "local") == 0     ? local()
            : strcmp(words[1], "enters") == 0    ? enters()
            : strcmp(words[1], "older") == 0     ? older()
            : strcmp(words[1], "registers") == 0 ? registers()
                                                 : 9;
  printf("RESULT %s at %s\n", bad ? "False" : "True", words[1]);
  fflush(stdout);
  return bad != 0;
}
