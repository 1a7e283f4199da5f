// Calls that come from inside a container: its dlopens and its threads.
#include "preload.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "container.h"

// Handles that a container opened and did not close: glibc would keep them, and the namespace.
struct handle {
  struct handle *next;
  void *handle;
  uint64_t container;
};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct handle *handles;

static void remember(void *handle, const struct coexist_container_record *record) {
  struct handle *entry = record == NULL || handle == NULL ? NULL : malloc(sizeof *entry);
  if (entry == NULL) return;
  pthread_mutex_lock(&lock);
  *entry = (struct handle){handles, handle, record->id};
  handles = entry;
  pthread_mutex_unlock(&lock);
}

void coexist_container_remember(void *handle, uint64_t caller) {
  // Without a handle dlerror(3) has something to tell, which a look at the caller would wipe out.
  struct coexist_container_record *record =
      handle != NULL ? coexist_container_around(caller) : NULL;
  if (record == NULL) return;
  remember(handle, record);
  coexist_container_lock();
  coexist_objects_update(record, NULL, 0);
  coexist_container_unlock();
}

// RTLD_GLOBAL inside a namespace crashes glibc (elf/dl-open.c add_to_global_resize: only the first
// namespace has a main search list). The root has put the library in the global scope already.
int coexist_container_flags(int flags, uint64_t caller) {
  return coexist_container_around(caller) != NULL ? flags & ~RTLD_GLOBAL : flags;
}

// With private copies, what is opened later is copied as well if it would stay for ever (OpenSSL).
static int open_copies(struct coexist_container_record *record, const char *path, int flags,
                       void **result) {
  const char *library = path;
  char text[CONTAINER_TEXT] = "";
  struct loading loading = {.libraries = &library, .count = 1, .space = record->space,
                            .record = record,
                            .inside = (const struct link_map *)record->root,
                            .flags = COEXIST_CONTAINER_COPIES |
                                     (flags & RTLD_NOW ? 0 : COEXIST_CONTAINER_LAZY)};
  coexist_container_lock();
  int loaded = coexist_load(&loading, text);
  coexist_container_unlock();
  if (loaded == 1) return 0;
  *result = loaded == 0 ? loading.target : NULL;
  if (loaded == 0) coexist_real.dlclose(loading.root);  // the target keeps what it needs
  else coexist_container_leave_error(text);
  return 1;
}

// In a scope a library is the container's own copy, but for what is shared.
static int open_in_scope(struct coexist_container_record *record, const char *file,
                         const char *path, int flags, void **result) {
  const char *slash = strrchr(file, '/'), *name = slash != NULL ? slash + 1 : file;
  for (unsigned i = 0; coexist_family[i] != NULL; i++)
    if (strcmp(coexist_family[i], name) == 0) return 0;
  const char *key = coexist_scope_key(record->id, name);
  if (key != NULL) *result = coexist_real.dlmopen(LM_ID_BASE, key, RTLD_LAZY | RTLD_NOLOAD);
  else if (flags & RTLD_NOLOAD) *result = NULL;
  else if (strchr(path, '/') == NULL || !open_copies(record, path, flags, result)) return 0;
  coexist_container_remember(*result, (uint64_t)((struct link_map *)record->target)->l_ld);
  return 1;
}

static void complete(struct coexist_container_record *record) {
  coexist_container_lock();
  if (!record->whole) {
    remember(coexist_load_family(record->space), record);
    record->whole = 1;
  }
  coexist_container_unlock();
}

int coexist_container_dlopen_inside(const char *file, int flags, uint64_t caller, void **result) {
  struct coexist_container_record *record = coexist_container_around(caller);
  if (record == NULL || record->root == 0) return 0;
  // dlopen(NULL) is the global scope, which glibc only knows of the first namespace:
  // ctypes.pythonapi must be the interpreter inside.
  if (file == NULL) {
    const char *name = ((struct link_map *)record->root)->l_name;
    *result = coexist_real.dlmopen(record->space, name, RTLD_LAZY | RTLD_NOLOAD);
    return coexist_container_remember(*result, caller), 1;
  }
  char path[PATH_MAX], text[CONTAINER_TEXT] = "";
  const struct writer *writer = coexist_writer(text);
  int scope = record->isolation == COEXIST_CONTAINER_SCOPE;
  if (flags & RTLD_NOLOAD && !scope) return 0;
  if (record->state == COEXIST_CONTAINER_SEALED) {
    coexist_container_leave_error("the container is sealed");
    return *result = NULL, 1;
  }
  if (scope) {
    coexist_container_path(file, caller, writer, path);
    return open_in_scope(record, file, path, flags, result);
  }
  complete(record);
  int copies = (record->flags & COEXIST_CONTAINER_COPIES) != 0;
  int shares = coexist_forwards_variables(record);
  if (!copies && !shares) return 0;
  coexist_container_path(file, caller, writer, path);
  void *known = coexist_real.dlmopen(record->space, path, RTLD_LAZY | RTLD_NOLOAD);
  if (known != NULL) return coexist_real.dlclose(known), 0;
  if (shares && coexist_plan_check(record, path, text) != 0) {
    coexist_container_leave_error(text);
    return *result = NULL, 1;
  }
  if (!copies) return 0;
  if (strchr(path, '/') == NULL || !open_copies(record, path, flags, result)) return 0;
  coexist_container_remember(*result, caller);
  return 1;
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

// Gives back what the container opened and did not close. All its objects must go in one dlclose,
// or OpenSSL's cleanup calls into a part that is gone: hence the holder, which is returned.
void *coexist_container_close_handles(const struct coexist_container_record *record) {
  enum { MAX = 900 };
  static const char *names[MAX];  // under the lock of opening and closing
  void *mine[MAX];
  unsigned count = 0;
  struct handle *entry;
  names[count] = ((struct link_map *)record->root)->l_name, mine[count++] = NULL;
  while (count < MAX && (entry = take(NULL, record->id)) != NULL) {
    struct link_map *map = NULL;
    if (dlinfo(entry->handle, RTLD_DI_LINKMAP, &map) == 0 && map != NULL &&
        map->l_name[0] != 0)
      names[count] = map->l_name, mine[count++] = entry->handle;
    free(entry);
  }
  if (count == 1) return NULL;
  void *holder = coexist_load_holder(record->space, names, count);
  for (unsigned i = 1; i < count; i++) coexist_real.dlclose(mine[i]);
  return holder;
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
