// The end of a container, in order: threads, destructors, handlers, keys and timers, then the code.
#include "preload.h"

#include <ccoexist/elf.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "container.h"

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

void coexist_container_lock(void) { pthread_mutex_lock(&lock); }
void coexist_container_unlock(void) { pthread_mutex_unlock(&lock); }

// In the child of fork nobody else is left who could give it back.
void coexist_container_forked(void) {
  if (coexist_containers_used())
    for (int slot = 0; slot < COEXIST_CONTAINERS_MAX; slot++) {
      struct coexist_container_record *record = &coexist_state->containers[slot];
      record->threads = coexist_self != NULL && coexist_self->container == record->id &&
                        record->id != 0;
    }
  lock = (pthread_mutex_t)PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
}

static void pause_ms(unsigned ms) {
  struct timespec time = {ms / 1000, ms % 1000 * 1000000l};
  nanosleep(&time, NULL);
}

// Waits until the core says that nobody is inside. Returns 0, or EBUSY with text.
static int quiesce(uint64_t id, char *text) {
  struct coexist_container_record *record = coexist_core_container_find(id);
  unsigned left = record != NULL ? record->close_timeout_ms : 0, step = 1;
  coexist_calls_finish_thread(id);
  for (;;) {
    uint32_t what = coexist_core_container_closing(id, left == 0, text, CONTAINER_TEXT);
    if (what == COEXIST_CLOSING_GO) return 0;
    if (what == COEXIST_CLOSING_REFUSED) return record != NULL ? EBUSY : ESRCH;
    pause_ms(step);
    left -= step < left ? step : left;
    step = step < 16 ? step * 2 : step;
  }
}

// Signals whose handler is the container's go back to their default, asked for in its own name.
static void reset_signals(const struct coexist_container_record *record) {
  for (int signal = 1; signal < COEXIST_SIGNALS_MAX; signal++) {
    int has_link = 0;
    for (uint32_t runtime = 0; runtime < COEXIST_RUNTIMES_MAX; runtime++) {
      uint16_t link = coexist_state->signals[signal].link[runtime];
      uint64_t handler = link != 0 ? coexist_state->actions[link].handler : 0;
      has_link |= link != 0;
      struct sigaction none = {.sa_handler = SIG_DFL};
      if (handler > 1 && coexist_container_around(handler) == record)
        coexist_core_sigaction(signal, &none, NULL, handler);
    }
    if (!has_link) continue;  // nobody asked for it through us
    struct sigaction held;
    if (coexist_real.sigaction(signal, NULL, &held) != 0 || held.sa_handler == SIG_DFL) continue;
    if (coexist_container_around((uint64_t)held.sa_handler) != record) continue;
    struct sigaction none = {.sa_handler = SIG_DFL};
    coexist_real.sigaction(signal, &none, NULL);
  }
}

enum { OBJECTS_MAX = CONTAINER_MAPS_MAX };
struct object {
  uint64_t map, dynamic;
  int is_proxy;
  char name[64];
};

static unsigned objects_of(const struct coexist_container_record *record,
                           struct object *objects) {
  const struct link_map *maps[OBJECTS_MAX];
  unsigned count = coexist_container_maps(record, maps, OBJECTS_MAX);
  for (unsigned i = 0; i < count; i++) {
    const struct link_map *map = maps[i];
    objects[i] = (struct object){(uint64_t)map, (uint64_t)map->l_ld, coexist_is_proxy(map), ""};
    snprintf(objects[i].name, sizeof objects[0].name, "%s", coexist_object_name((uint64_t)map));
  }
  return count;
}

// What the loader still has of it: the first in load order needs the others. Proxies come last:
// they are only kept by somebody.
static const char *survivor(const struct object *objects, unsigned count) {
  const char *kept = NULL, *proxy = NULL;
  for (unsigned i = count; i-- > 0;) {
    if (coexist_object_at(objects[i].dynamic).map != objects[i].map) continue;
    if (objects[i].is_proxy) proxy = objects[i].name;
    else kept = objects[i].name;
  }
  return kept != NULL ? kept : proxy;
}

// libstdc++ never gives back the room that it keeps for exceptions without memory (GCC
// libstdc++-v3/libsupc++/eh_alloc.cc); a private one must, or each cycle costs 72 KiB of heap.
static void free_exception_room(const struct coexist_container_record *record) {
  void (*give_back)(void) = coexist_real.dlsym((void *)record->root, "_ZN9__gnu_cxx9__freeresEv");
  if (give_back == NULL) return;
  if (coexist_container_around((uint64_t)give_back) == record) give_back();
}

int coexist_container_unloads;

static int unload(struct coexist_container_record *record, char *text) {
  static struct object objects[OBJECTS_MAX];  // under the lock
  uint64_t id = record->id;
  void *root = (void *)record->root, *target = (void *)record->target;
  unsigned count = objects_of(record, objects);
  void *holder = coexist_container_close_handles(record);
  free_exception_room(record);
  coexist_container_unloads = 1;
  coexist_real.dlclose(target);
  coexist_real.dlclose(root);
  if (holder != NULL) coexist_real.dlclose(holder);
  coexist_container_unloads = 0;
  coexist_calls_forget(id);
  coexist_core_unloaded();
  const char *kept = survivor(objects, count);
  if (kept != NULL) {
    coexist_core_container_stuck(id, kept, text, CONTAINER_TEXT);
    return EBUSY;
  }
  coexist_scope_remove(id);
  coexist_objects_forget(id);
  coexist_core_container_forget(id);
  return 0;
}

// Unloading a part would leave the rest with calls into nothing: OpenSSL's NODELETE library calls
// the one that is gone at exit. So an object that stays keeps all of it.
static int pinned(uint64_t id, char *text) {
  const struct coexist_container_record *record = coexist_core_container_find(id);
  const struct writer *writer = coexist_writer(text);
  if (record == NULL || writer == NULL || record->root == 0) return 0;
  const struct link_map *maps[OBJECTS_MAX];
  unsigned count = coexist_container_maps(record, maps, OBJECTS_MAX);
  for (unsigned i = 0; i < count; i++) {
    const char *why = coexist_is_proxy(maps[i]) ? "" : writer->pinned(maps[i]);
    if (why[0] == 0) continue;
    coexist_core_container_pinned(id, coexist_object_name((uint64_t)maps[i]), why, text,
                                  CONTAINER_TEXT);
    return 1;
  }
  return 0;
}

int coexist_container_end(uint64_t id, char *text) {
  coexist_container_lock();
  int stays = pinned(id, text);
  coexist_container_unlock();
  if (stays) return EBUSY;
  int code = quiesce(id, text);
  if (code != 0) return code;
  coexist_container_lock();
  struct coexist_container_record *record = coexist_core_container_find(id);
  reset_signals(record);
  coexist_calls_end_timers(id);
  code = unload(record, text);
  coexist_container_unlock();
  return code;
}
