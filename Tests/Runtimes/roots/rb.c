// rb PLACE: objects of an embedded Ruby that only threads, fibers and pins hold of which Ruby
// knows nothing.
#include <coexist.h>
#include <ruby.h>
#include <ruby/thread.h>
#include "scale.h"

enum { LENGTH = 90 };

static Object make(int number) {
  char text[LENGTH];
  memset(text, number + 1, LENGTH);
  return rb_str_new(text, LENGTH);
}
static int is_whole(Object object, int number) {
  if (!RB_TYPE_P(object, T_STRING) || RSTRING_LEN(object) != LENGTH) return 0;
  for (int i = 0; i < LENGTH; i++)
    if (RSTRING_PTR(object)[i] != (char)(number + 1)) return 0;
  return 1;
}
static void collect_once(void) { rb_gc_start(); }
static size_t live(void) { return rb_gc_stat(ID2SYM(rb_intern("heap_live_slots"))) * 40; }

static _Thread_local uintptr_t own[COUNT];
static void *hold_local(void *unused) {
  sem_post(&started);
  wait_for(&given);
  for (int i = 0; i < COUNT; i++) own[i] = ~hidden[i];
  memset(hidden, 0, sizeof hidden);
  sem_post(&filled);
  wait_for(&collected);
  for (int i = 0; i < COUNT; i++) hidden[i] = ~own[i];
  return unused;
}

static coexist_pin_t pins[COUNT];
__attribute__((noinline)) static void pin_all(void) {
  for (int i = 0; i < COUNT; i++) {
    pins[i] = coexist_pin((void *)~hidden[i]);
    pins[i].object = NULL;
  }
}
static int pinned(void) {
  hide();
  pin_all();
  collect();
  int bad = wrong();
  for (int i = 0; i < COUNT; i++) {
    pins[i].object = (void *)~hidden[i];
    bad += coexist_unpin(pins[i]) != 0;
  }
  return bad;
}

int main(int count, char **words) {
  if (count != 2) return 2;
  ruby_sysinit(&count, &words);
  ruby_init_stack(__builtin_frame_address(0));
  if (ruby_setup()) return 9;
  ruby_script("roots");
  ruby_init_loadpath();
  rb_require("etc");  // a library, as every application loads some
  const char *place = words[1];
  int bad = is_scale(place)                ? with_holding_threads()
            : strcmp(place, "local") == 0  ? on_thread(hold_local)
            : strcmp(place, "fiber") == 0  ? fiber_suspended()
            : strcmp(place, "pinned") == 0 ? pinned()
                                           : on_threads(place);
  _exit(end(place, bad));
}
