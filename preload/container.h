// The parts of a container, each in the file of its name. Decisions are in CoexistCore/Containers.
#pragma once

#include <ccoexist/container_writer.h>
#include <coexist_container.h>
#include <dlfcn.h>
#include <link.h>

enum { CONTAINER_TEXT = 384, COEXIST_MEMORY_PATH = 128, COEXIST_MEMORY_FD = 512 };

// container_space.c: which namespace, and which container, an address is in.
int64_t coexist_space_of(const void *map);
struct coexist_container_record *coexist_container_around(uint64_t address);
uint32_t coexist_spaces_used(void);
// The container's objects, with its root and proxies.
enum { CONTAINER_MAPS_MAX = 256 };
unsigned coexist_container_maps(const struct coexist_container_record *record,
                                const struct link_map **maps, unsigned max);
const struct r_debug_extended *coexist_spaces(void);
// 0 = the loader has no such name.
uint64_t coexist_loader_symbol(const char *name);
extern _Thread_local uint64_t coexist_container_being_opened
    __attribute__((tls_model("initial-exec")));

// container_objects.c: what is published of a container's objects. Caller holds the lock.
struct copied { const char *memory, *path; };  // l_name of a copy, and the file that it is of
void coexist_objects_update(const struct coexist_container_record *record,
                            const struct copied *copies, unsigned count);
void coexist_objects_forget(uint64_t id);

// container_scope.c: the names of private copies in the program's namespace.
int coexist_scope_add(uint64_t id, const char *key, const char *name);
void coexist_scope_remove(uint64_t id);
uint64_t coexist_scope_of(const void *map);
const char *coexist_scope_key(uint64_t id, const char *name);
// Its loaded copies.
unsigned coexist_scope_maps(uint64_t id, const struct link_map **maps, unsigned max);
void coexist_scope_rename(const char *from, struct coexist_rename *rename);

// container_limits.c: 0 = no room for so many bytes of initial-exec variables, with text.
int coexist_static_tls_fits(uint64_t wanted, char *text);
// How much of that room is used, into the state: at the start, and when objects came or went.
void coexist_static_tls_publish(void);

// container_proxy.c: the proxies, made once a process.
enum { PROXIES_MAX = 256, COEXIST_SHARED_MAX = 16 };
struct proxies {
  const char *paths[PROXIES_MAX];    // DT_NEEDED of each, in order
  const char *sonames[PROXIES_MAX];
  unsigned count;
  int forwards;  // some have thread-local variables
};
extern const char *const coexist_family[];  // glibc's libraries and libgcc, ended by NULL
enum { WHOLE_FAMILY = -1, FAMILY = 10 };
// libc, the loader, what of the family has its bit in needs, and the SONAMEs in share. Returns 0,
// or -1 with text. Caller holds the lock.
// In the program's own namespace (scope) they have no SONAME.
int coexist_proxies(uint32_t needs, int scope, const char *const *share, unsigned share_count,
                    struct proxies *proxies, char *text);
int coexist_is_proxy(const struct link_map *map);
const struct link_map *coexist_proxy_primary(const struct link_map *proxy);  // NULL: it is no proxy
struct writer {
  __typeof__(&coexist_writer_proxy) proxy;
  __typeof__(&coexist_writer_root) root;
  __typeof__(&coexist_writer_examine) examine;
  __typeof__(&coexist_writer_closure) closure;
  __typeof__(&coexist_writer_search) search;
  __typeof__(&coexist_writer_copy) copy;
  __typeof__(&coexist_writer_pinned) pinned;
};
const struct writer *coexist_writer(char *text);
// A memfd, out of the way of programs that count on low numbers, and the path that leads to it.
int coexist_memory_file(const char *name, char path[COEXIST_MEMORY_PATH], char *text);

// container_plan.c: may the library come into the namespace later? 0, or -1 with text.
int coexist_plan_check(const struct coexist_container_record *record, const char *library,
                       char *text);

// container_variables.c
int coexist_forwards_variables(const struct coexist_container_record *record);
enum { COEXIST_FORWARDED_MAX = 1024 };
struct coexist_forwarding coexist_forwarding(void);
void coexist_tls_get_addr_inside(void);  // tls_inside.S

// container_search.c: the folders that the loader searches for this object, its RUNPATH among them;
// NULL = for everybody. They are to be freed. out has PATH_MAX bytes.
enum { FOLDERS_MAX = 64 };
struct folders {
  Dl_serinfo *info;
  const char *list[FOLDERS_MAX];
  struct coexist_search search;
};
void coexist_folders(struct folders *folders, const struct link_map *map);
void coexist_folders_free(struct folders *folders);
void coexist_search(const char *library, const struct writer *writer,
                    const struct folders *folders, char *out);

// container_load.c: loads libraries through a generated root.
struct loading {
  const char *const *libraries;  // the last one is the target
  unsigned count;
  const char *const *share;
  unsigned share_count;
  uint32_t flags;                // enum coexist_container_flags
  int64_t space;                 // LM_ID_NEWLM, or where; LM_ID_BASE = isolation "scope"
  const struct link_map *inside; // an object of a container that exists; then only copies matter
  void *root, *target;           // results: handles
  int has_family;                // result: every library of the family is there
  struct coexist_container_record *record;  // whose objects are published
};
// Returns 0, -1 with text, or 1: a plain dlopen inside does the same.
int coexist_load(struct loading *loading, char *text);
void *coexist_load_holder(int64_t space, const char *const *names, unsigned count);
// The rest of the family, before something is opened inside that may need it. NULL: not loaded.
void *coexist_load_family(int64_t space);

// container_calls.c: names that mean something else inside a container.
// The last one, which the count leaves out, is for where thread-local variables are forwarded.
extern const struct coexist_substitute coexist_substitutes[];
extern const unsigned coexist_substitutes_count;
void coexist_calls_finish_thread(uint64_t id);  // destructors of the calling thread, now
void coexist_calls_end_timers(uint64_t id);
void coexist_calls_forget(uint64_t id);         // keys, on_exit functions

// container_close.c. Returns 0, or an errno value with text. One lock for opening and closing.
int coexist_container_end(uint64_t id, char *text);
extern int coexist_container_unloads;  // it unloads; under the lock
void coexist_container_lock(void);
void coexist_container_unlock(void);
void coexist_container_forked(void);

// container_match.c: 1 = the call was answered, with result.
int coexist_container_dlopen(const char *file, int flags, uint64_t caller, void **result);
int coexist_container_dlclose(void *handle, uint64_t caller, int *result);

// Makes dlerror(3) tell this text.
void coexist_container_leave_error(const char *text);
// Where the caller's own dlopen would find the file; path has PATH_MAX bytes.
void coexist_container_path(const char *file, uint64_t caller, const struct writer *writer,
                            char *path);

// container_inside.c: 1 = the call was answered.
int coexist_container_dlopen_inside(const char *file, int flags, uint64_t caller, void **result);
// What must not reach glibc is taken out of the flags; handles are remembered.
int coexist_container_flags(int flags, uint64_t caller);
int coexist_container_is_sealed(uint64_t caller);
void coexist_container_remember(void *handle, uint64_t caller);
void coexist_container_forget_handle(void *handle);
void *coexist_container_close_handles(const struct coexist_container_record *record);
// pthread_create: the container that the new thread begins in, counted; 0 = none.
uint64_t coexist_container_thread(uint64_t function, uint64_t caller);
void coexist_container_thread_started(uint64_t id);
void coexist_container_thread_left(uint64_t id);

static inline int coexist_containers_used(void) {
  extern struct coexist_state *coexist_state;
  return __atomic_load_n(&coexist_state->containers_used, __ATOMIC_ACQUIRE) != 0;
}
