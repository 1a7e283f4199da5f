// guile PLACE, ecl PLACE: objects of a Lisp over Boehm's collector, held only where PLACE says.
// The program is written for neither threads nor fibers: it calls the Lisp's collector on one.
#define _GNU_SOURCE
#ifdef LISP_GUILE
#include <libguile.h>
#else
#include <ecl/ecl.h>
#endif
#include <gc.h>
#include "scale.h"

enum { LENGTH = 12 };

#ifdef LISP_GUILE
static Object make(int number) {
  return (Object)scm_c_make_vector(LENGTH, scm_from_int(number));
}
static int is_whole(Object object, int number) {
  SCM vector = (SCM)object;
  if (!scm_is_vector(vector) || scm_c_vector_length(vector) != LENGTH) return 0;
  for (size_t i = 0; i < LENGTH; i++)
    if (!scm_is_eq(scm_c_vector_ref(vector, i), scm_from_int(number))) return 0;
  return 1;
}
static void collect_once(void) { scm_gc(); }
#else
static Object make(int number) {
  cl_object vector = ecl_alloc_simple_vector(LENGTH, ecl_aet_object);
  for (int i = 0; i < LENGTH; i++) vector->vector.self.t[i] = ecl_make_fixnum(number);
  return (Object)vector;
}
static int is_whole(Object object, int number) {
  cl_object vector = (cl_object)object;
  if (ecl_t_of(vector) != t_vector || vector->vector.dim != LENGTH) return 0;
  for (int i = 0; i < LENGTH; i++)
    if (vector->vector.self.t[i] != ecl_make_fixnum(number)) return 0;
  return 1;
}
static void collect_once(void) { si_gc(1, ECL_T); }
#endif

static size_t live(void) { return GC_get_heap_size() - GC_get_free_bytes(); }

__attribute__((noinline)) static void fill(Object *places) {
  for (int i = 0; i < COUNT; i++) places[i] = make(i);
}
static int bad_ones(const Object *places) {
  int bad = 0;
  for (int i = 0; i < COUNT; i++) bad += !is_whole(places[i], i);
  return bad;
}

static int result;
static atomic_int working;
static void *allocate(void *unused) {
  Object places[COUNT];
  fill(places);
  for (int i = 0; i < 20000; i++) make(i + 1000);
  result += bad_ones(places);
  working = 0;
  return unused;
}
static int allocates(void) {
  pthread_t id;
  working = 1;
  pthread_create(&id, NULL, allocate, NULL);
  while (working) collect();
  pthread_join(id, NULL);
  return result;
}

static void there(void) {
  Object places[COUNT];
  fill(places);
  collect();
  result = bad_ones(places);
}
static int collects_on_fiber(void) {
  Object places[COUNT];
  fill(places);
  begin_fiber(there);
  return result + bad_ones(places);
}

// ECL lets only threads allocate that it was told of.
static int at_scale(void) {
#ifdef LISP_GUILE
  return with_allocating_threads();
#else
  return with_holding_threads();
#endif
}

static void *run(void *word) {
  const char *place = word;
  int bad = is_scale(place)                 ? at_scale()
            : strcmp(place, "allocates") == 0 ? allocates()
            : strcmp(place, "fiber") == 0   ? collects_on_fiber()
                                            : on_threads(place);
  return (void *)(intptr_t)end(place, bad);
}
int main(int count, char **words) {
  if (count != 2) return 2;
#ifdef LISP_GUILE
  return scm_with_guile(run, words[1]) != NULL;
#else
  cl_boot(1, words);
  return run(words[1]) != NULL;
#endif
}
