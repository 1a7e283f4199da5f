// Calls that come from inside a container: its dlopens and its threads.
#include "preload.h"

#include <dlfcn.h>
#include <stdlib.h>

#include "container.h"

// Handles that a container opened and did not close: glibc would keep them, and the namespace.
struct handle {
  struct handle *next;
  void *handle;
  uint64_t container;
};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct handle *handles;

// RTLD_GLOBAL inside a namespace crashes glibc (elf/dl-open.c add_to_global_resize: only the first
// namespace has a main search list). The root has put the library in the global scope already.
int coexist_container_flags(int flags, uint64_t caller) {
  return coexist_container_around(caller) != NULL ? flags & ~RTLD_GLOBAL : flags;
}

int coexist_container_is_sealed(uint64_t caller) {
  struct coexist_container_record *record = coexist_container_around(caller);
  return record != NULL && record->state == COEXIST_CONTAINER_SEALED;
}

void coexist_container_remember(void *handle, uint64_t caller) {
  struct coexist_container_record *record = coexist_container_around(caller);
  struct handle *entry = record == NULL || handle == NULL ? NULL : malloc(sizeof *entry);
  if (entry == NULL) return;
  pthread_mutex_lock(&lock);
  *entry = (struct handle){handles, handle, record->id};
  handles = entry;
  pthread_mutex_unlock(&lock);
}

static struct handle *take(void *handle, uint64_t container) {
  pthread_mutex_lock(&lock);
  struct handle **at = &handles, *entry;
  while ((entry = *at) != NULL &&
         (handle != NULL ? entry->handle != handle : entry->container != container))
    at = &entry->next;
  if (entry != NULL) *at = entry->next;
  pthread_mutex_unlock(&lock);
  return entry;
}

void coexist_container_forget_handle(void *handle) {
  if (coexist_containers_used() && handle != NULL) free(take(handle, 0));
}

// Newest first.
void coexist_container_close_handles(uint64_t id) {
  struct handle *entry;
  while ((entry = take(NULL, id)) != NULL) {
    coexist_real.dlclose(entry->handle);
    free(entry);
  }
}

// std::thread and the like call from a library that may be shared; then the function tells.
uint64_t coexist_container_thread(uint64_t function, uint64_t caller) {
  if (!coexist_containers_used()) return 0;
  struct coexist_container_record *record = coexist_container_around(function);
  if (record == NULL) record = coexist_container_around(caller);
  if (record == NULL) return 0;
  __atomic_fetch_add(&record->threads, 1, __ATOMIC_ACQ_REL);
  return record->id;
}

void coexist_container_thread_started(uint64_t id) {
  struct coexist_container_record *record = coexist_core_container_find(id);
  if (record != NULL) record->last_thread = coexist_gettid();
}

void coexist_container_thread_left(uint64_t id) {
  struct coexist_container_record *record = coexist_core_container_find(id);
  if (record != NULL) __atomic_fetch_sub(&record->threads, 1, __ATOMIC_ACQ_REL);
}
