// dlopen(3), dlclose(3), dlsym(3). libc looks at its return address to choose the namespace,
// RUNPATH and what RTLD_NEXT means (glibc elf/dl-open.c, dl-sym.c); coexist_call_as keeps it the
// caller's.
#include "preload.h"

#include <ccoexist/elf.h>

#include "container.h"
#include "loader.h"

// What the loader has loaded and unloaded so far: most calls only count a reference.
static unsigned long long loads, unloads;
void coexist_jvm_loaded(int is_new);  // jvm.c
static int count(struct dl_phdr_info *info, size_t size, void *result) {
  (void)size;
  unsigned long long *now = result;
  now[0] = info->dlpi_adds, now[1] = info->dlpi_subs;
  return 1;
}
static void changed(void) {
  unsigned long long now[2] = {0, 0};
  dl_iterate_phdr(count, now);
  int has_changed = 0;
  // What is counted has been looked at: whoever comes back sooner looks as well.
  if (__atomic_load_n(&unloads, __ATOMIC_ACQUIRE) != now[1]) {
    coexist_core_unloaded();
    has_changed = 1;
    __atomic_store_n(&unloads, now[1], __ATOMIC_RELEASE);
  }
  int is_new = __atomic_load_n(&loads, __ATOMIC_ACQUIRE) != now[0];
  if (UNLIKELY(__atomic_load_n(&coexist_tls_unfinished, __ATOMIC_ACQUIRE)))
    is_new |= (int)__atomic_exchange_n(&coexist_tls_unfinished, 0, __ATOMIC_ACQ_REL);
  if (is_new) {
    coexist_core_loaded();
    coexist_loader_loaded();
    __atomic_store_n(&loads, now[0], __ATOMIC_RELEASE);
  }
  if (is_new | has_changed) coexist_static_tls_publish();
  coexist_jvm_loaded(is_new);
}

// Of a file that is held already it counts a reference, whoever calls.
static int only_counts(const char *file, int flags) {
  return file != NULL && !(flags & RTLD_GLOBAL) && !coexist_containers_used() &&
         coexist_config.containers_count == 0 && coexist_loader_holds(file);
}

static void opened(void *handle) {
  changed();
  if (handle != NULL) coexist_loader_opened(handle);
}

EXPORT void *dlopen(const char *file, int flags) {
  uint64_t gadget;
  void *contained;
  if (coexist_ready() && only_counts(file, flags)) {
    void *handle = coexist_real.dlopen(file, flags);
    return opened(handle), handle;
  }
  if (coexist_ready() && coexist_container_dlopen(file, flags, CALLER, &contained))
    return contained;
  if (!coexist_ready() || (gadget = coexist_loader_return(CALLER)) == 0)
    __attribute__((musttail)) return coexist_real.dlopen(file, flags);
  flags = coexist_container_flags(flags, CALLER);
  int given = coexist_loader_flags(file, flags, CALLER);
  void *handle;
  do {
    handle = (void *)coexist_call_as(coexist_real.dlopen, (uint64_t)file,
                                     (uint64_t)(unsigned)given, 0, gadget);
  } while (handle == NULL && coexist_loader_publish());
  if (handle != NULL && given != flags) coexist_loader_withheld(handle);
  coexist_container_remember(handle, CALLER);
  return opened(handle), handle;
}

EXPORT void *dlmopen(Lmid_t space, const char *file, int flags) {
  uint64_t gadget;
  if (!coexist_ready() || (gadget = coexist_loader_return(CALLER)) == 0)
    __attribute__((musttail)) return coexist_real.dlmopen(space, file, flags);
  void *handle = (void *)coexist_call_as(coexist_real.dlmopen, (uint64_t)space, (uint64_t)file,
                                         (uint64_t)(unsigned)flags, gadget);
  changed();
  return handle;
}

EXPORT int dlclose(void *handle) {
  int active = coexist_ready(), result;
  if (active && coexist_container_dlclose(handle, CALLER, &result)) return result;
  if (active) coexist_core_unloading();
  coexist_loader_closes(handle);
  result = coexist_real.dlclose(handle);
  if (active) changed();
  return result;
}

static int is_libc(uint64_t map) {
  return map != 0 && coexist_text_equal(coexist_object_name(map), "libc.so.6");
}

// Is the caller one of those that we call as the real function, or that these call in their turn
// (libjsig preloaded after us)? With ours as their next one a call would go in a circle.
static int stands_behind_us(const char *name, uint64_t caller) {
  uint64_t asking = coexist_object_at(caller).map;
  if (asking == 0 || coexist_object_symbol(asking, name) == 0) return 0;
  uint64_t next = (uint64_t)coexist_real.dlsym(RTLD_NEXT, name), gadget, map;
  while ((map = coexist_object_at(next).map) != asking) {
    if (map == 0 || is_libc(map) || (gadget = coexist_object_return(next)) == 0) return 0;
    next = coexist_call_as(coexist_real.dlsym, (uint64_t)RTLD_NEXT, (uint64_t)name, 0, gadget);
  }
  return 1;
}

// Our own function, when libc's real one was found under a name that we interpose.
static void *substitute(const char *name, void *found, uint64_t caller) {
  if (found == NULL || !is_libc(coexist_object_at((uint64_t)found).map)) return found;
  return stands_behind_us(name, caller) ? found : coexist_loader_ours(name);
}

EXPORT void *dlsym(void *handle, const char *name) {
  uint64_t gadget;
  coexist_ready();  // switched off, too, a name has one address
  if (UNLIKELY(handle == RTLD_DEFAULT && coexist_loader_withholds()) &&
      (gadget = coexist_loader_return(CALLER)) != 0) {
    void *found = (void *)coexist_call_as(coexist_real.dlsym, 0, (uint64_t)name, 0, gadget);
    if (found != NULL || !coexist_loader_publish()) return substitute(name, found, CALLER);
  }
  if (coexist_loader_ours(name) == NULL || (gadget = coexist_loader_return(CALLER)) == 0)
    __attribute__((musttail)) return coexist_real.dlsym(handle, name);
  void *found = (void *)coexist_call_as(coexist_real.dlsym, (uint64_t)handle, (uint64_t)name, 0,
                                        gadget);
  return substitute(name, found, CALLER);
}

EXPORT void *dlvsym(void *handle, const char *name, const char *version) {
  uint64_t gadget;
  coexist_ready();
  if (coexist_loader_ours(name) == NULL || (gadget = coexist_loader_return(CALLER)) == 0)
    __attribute__((musttail)) return coexist_real.dlvsym(handle, name, version);
  void *found = (void *)coexist_call_as(coexist_real.dlvsym, (uint64_t)handle, (uint64_t)name,
                                        (uint64_t)version, gadget);
  return substitute(name, found, CALLER);
}
