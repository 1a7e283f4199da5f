// Boehm's collector: its public functions, found in whatever copy is loaded, and ours in its
// places. It passes no argument of ours along, so each copy gets functions of its own.
// Source: gc.h, gc_mark.h of libgc 8.2.2.
#include <ccoexist/stacks.h>

#include <ccoexist/elf.h>
#include <ccoexist/entry.h>
#include <link.h>

// Tools and tests link this file without the core.
#pragma weak coexist_core_libgc_push
#pragma weak coexist_core_libgc_event
#pragma weak coexist_core_libgc_thread

#define PLACES(n)                                                                     \
  static void push_##n(void) { coexist_core_libgc_push(n); }                          \
  static void event_##n(int event) { coexist_core_libgc_event(n, event); }            \
  static void thread_##n(int event, void *id) { coexist_core_libgc_thread(n, event, id); }
PLACES(0) PLACES(1) PLACES(2) PLACES(3)
#undef PLACES
static const struct {
  void (*push)(void);
  void (*event)(int);
  void (*thread)(int, void *);
} places[COEXIST_LIBGC_MAX] = {
    {push_0, event_0, thread_0}, {push_1, event_1, thread_1},
    {push_2, event_2, thread_2}, {push_3, event_3, thread_3}};

// Our own data are no roots: they hold no pointer that is not pushed, and libgc would look through
// three megabytes of them each time, and let its heap grow by that measure (GC_root_size).
static struct coexist_object ours;
static int has_static_roots(const char *name, void *section, size_t size) {
  (void)name, (void)size;
  return (uint64_t)section < ours.low || (uint64_t)section >= ours.high;
}

// dlclose(3) takes away nothing while the loader's lock is held (dl-close.c, dl_load_write_lock).
static int ask(struct dl_phdr_info *unused, size_t size, void *argument) {
  (void)unused, (void)size;
  const struct coexist_libgc *gc = argument;
  int (*is_init_called)(void) = gc->is_init_called;
  int is_there = is_init_called != 0 && coexist_object_at(gc->low).map == gc->map;
  return is_there && is_init_called() ? 2 : 1;
}
int coexist_libgc_has_started(uint32_t index) {
  return dl_iterate_phdr(ask, coexist_libgc_at(index)) == 2;
}

int coexist_libgc_hook(uint32_t index) {
  struct coexist_libgc *gc = coexist_libgc_at(index);
#define FUNCTION(name, type) \
  __typeof__(type) name = (__typeof__(type))coexist_object_symbol(gc->map, "GC_" #name)
  FUNCTION(push_all_eager, coexist_push);
  FUNCTION(is_init_called, int (*)(void));
  FUNCTION(allow_register_threads, void (*)(void));
  FUNCTION(register_my_thread, int (*)(const uint64_t *));
  FUNCTION(unregister_my_thread, int (*)(void));
  FUNCTION(thread_is_registered, int (*)(void));
  FUNCTION(get_push_other_roots, void (*(*)(void))(void));
  FUNCTION(set_push_other_roots, void (*)(void (*)(void)));
  FUNCTION(get_on_collection_event, void (*(*)(void))(int));
  FUNCTION(set_on_collection_event, void (*)(void (*)(int)));
  FUNCTION(get_on_thread_event, void (*(*)(void))(int, void *));
  FUNCTION(set_on_thread_event, void (*)(void (*)(int, void *)));
  FUNCTION(register_has_static_roots_callback, void (*)(int (*)(const char *, void *, size_t)));
#undef FUNCTION
  if (!push_all_eager || !is_init_called || !allow_register_threads || !get_push_other_roots ||
      !set_push_other_roots || !get_on_collection_event || !set_on_collection_event ||
      !get_on_thread_event || !set_on_thread_event || !register_my_thread ||
      !unregister_my_thread || !thread_is_registered || !register_has_static_roots_callback)
    return 0;
  gc->push_all_eager = push_all_eager, gc->is_init_called = is_init_called;
  gc->allow_register_threads = allow_register_threads, gc->register_my_thread = register_my_thread;
  gc->unregister_my_thread = unregister_my_thread;
  gc->thread_is_registered = thread_is_registered;
  gc->before_push = get_push_other_roots();
  gc->before_event = get_on_collection_event();
  gc->before_thread = get_on_thread_event();
  ours = coexist_object_at((uint64_t)&ours);
  register_has_static_roots_callback(has_static_roots);
  set_on_collection_event(places[index].event);
  set_on_thread_event(places[index].thread);
  set_push_other_roots(places[index].push);
  return 1;
}
