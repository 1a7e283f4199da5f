// HotSpot's virtual threads: Java threads that are mounted on an OS thread for a while. HotSpot
// tells an agent of its tool interface (JVMTI) when; we become one once a library is loaded whose
// state would be another's. Sources: jvmti.h and jni.h of JDK 25, and for the extension events,
// which JDK 21 brought, src/hotspot/share/prims/jvmtiExtensions.cpp.
#include "preload.h"

#include <ccoexist/catalogue.h>
#include <ccoexist/elf.h>
#include <ccoexist/registers.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

// Both interfaces are tables of functions; these are the places of those that are called here.
enum {
  VM_GET_ENV = 6,
  JNI_IS_VIRTUAL_THREAD = 234,
  TI_SET_EVENT_MODE = 1,
  TI_GET_CURRENT_THREAD = 17,
  TI_DEALLOCATE = 46,
  TI_GET_STORAGE = 101,
  TI_SET_STORAGE = 102,
  TI_SET_CALLBACKS = 121,
  TI_GET_EXTENSION_EVENTS = 124,
  TI_SET_EXTENSION_CALLBACK = 125,
  TI_DISPOSE = 126,
  TI_ADD_CAPABILITIES = 141,
};
enum {
  JNI_VERSION_21 = 0x00150000,
  TI_VERSION_21 = 0x30150000,
  ENABLE = 1,
  TI_CAN_SUPPORT_VIRTUAL_THREADS = 44,  // a bit of jvmtiCapabilities
  TI_EVENT_FIRST = 50,
  TI_EVENT_VIRTUAL_THREAD_END = 88,
};
typedef void **interface;  // points to a table of functions
#define CALL(object, place, ...) ((int (*)(interface, __VA_ARGS__))((void **)*(object))[place])

struct event_info {
  int index;
  char *id, *description;
  int parameters_count;
  struct {
    char *name;
    int kind, type;
    unsigned char null_ok;
  } *parameters;
};

// Runs on the OS thread of the virtual thread. Its context lies in HotSpot's storage for agents.
static void mounted(interface ti, ...) {
  void *known = NULL;
  if (CALL(ti, TI_GET_STORAGE, void *, void **)(ti, NULL, &known) != 0) return;
  void *context = coexist_core_virtual_thread_mounted(known);
  if (context != known) CALL(ti, TI_SET_STORAGE, void *, const void *)(ti, NULL, context);
}
// Before another OS thread can mount it.
static void unmounted(interface ti, ...) {
  (void)ti;
  coexist_core_virtual_thread_unmounted();
}
static void ended(interface ti, void *jni, void *thread) {
  (void)jni, (void)thread;
  void *context = NULL;
  if (CALL(ti, TI_GET_STORAGE, void *, void **)(ti, NULL, &context) != 0 || context == NULL) return;
  CALL(ti, TI_SET_STORAGE, void *, const void *)(ti, NULL, NULL);
  coexist_core_virtual_thread_ended(context);
}

static int listen_for(interface ti, const char *id, void (*callback)(interface, ...)) {
  int count = 0, found = -1;
  struct event_info *events = NULL;
  if (CALL(ti, TI_GET_EXTENSION_EVENTS, int *, void *)(ti, &count, &events) != 0) return 0;
  for (int i = 0; i < count; i++) {
    if (strcmp(events[i].id, id) == 0) found = events[i].index;
    for (int p = 0; p < events[i].parameters_count; p++)
      CALL(ti, TI_DEALLOCATE, void *)(ti, events[i].parameters[p].name);
    CALL(ti, TI_DEALLOCATE, void *)(ti, events[i].parameters);
    CALL(ti, TI_DEALLOCATE, void *)(ti, events[i].id);
    CALL(ti, TI_DEALLOCATE, void *)(ti, events[i].description);
  }
  CALL(ti, TI_DEALLOCATE, void *)(ti, events);
  return found >= 0 && CALL(ti, TI_SET_EXTENSION_CALLBACK, int, void *)(ti, found, callback) == 0 &&
         CALL(ti, TI_SET_EVENT_MODE, int, int, void *)(ti, ENABLE, found, NULL) == 0;
}

static int become_agent(interface vm, interface jni) {
  interface ti = NULL;
  if (CALL(vm, VM_GET_ENV, void *, int)(vm, &ti, TI_VERSION_21) != 0) return 0;
  uint64_t capabilities[2] = {1ull << TI_CAN_SUPPORT_VIRTUAL_THREADS, 0};
  void *callbacks[TI_EVENT_VIRTUAL_THREAD_END - TI_EVENT_FIRST + 1] = {0};
  callbacks[TI_EVENT_VIRTUAL_THREAD_END - TI_EVENT_FIRST] = (void *)ended;
  if (CALL(ti, TI_ADD_CAPABILITIES, void *)(ti, capabilities) != 0 ||
      CALL(ti, TI_SET_CALLBACKS, void *, int)(ti, callbacks, sizeof callbacks) != 0 ||
      !listen_for(ti, "com.sun.hotspot.events.VirtualThreadUnmount", unmounted) ||
      !listen_for(ti, "com.sun.hotspot.events.VirtualThreadMount", mounted) ||
      CALL(ti, TI_SET_EVENT_MODE, int, int, void *)(ti, ENABLE, TI_EVENT_VIRTUAL_THREAD_END,
                                                    NULL) != 0) {
    ((int (*)(interface))((void **)*ti)[TI_DISPOSE])(ti);
    return 0;
  }
  // Who loads the library may be a virtual thread itself, mounted before anybody listened.
  void *thread = NULL;
  if (CALL(ti, TI_GET_CURRENT_THREAD, void **)(ti, &thread) == 0 &&
      ((unsigned char (*)(interface, void *))((void **)*jni)[JNI_IS_VIRTUAL_THREAD])(jni, thread))
    mounted(ti);
  return 1;
}

// HotSpot loads libraries of its own from threads that are in its code, not in Java's native code:
// they must not call it. Such a thread's name begins so.
static int is_internal_thread(void) {
  char name[16] = "";
  coexist_syscall4(SYS_prctl, PR_GET_NAME, (long)name, 0, 0);
  return strncmp(name, "Attach", 6) == 0 || strncmp(name, "C1 Comp", 7) == 0 ||
         strncmp(name, "C2 Comp", 7) == 0;
}

static uint64_t find_machine(void) {
  uint64_t found = 0;
  for (uint32_t i = 0; i < coexist_catalogue_count && found == 0; i++)
    if (coexist_catalogue[i]->flags & COEXIST_VIRTUAL_THREADS)
      found = coexist_object_loaded(coexist_catalogue[i]);
  return found;
}

// After a dlopen. The next one finds the JVM if this one comes too early, or on a thread that is
// not the JVM's.
void coexist_jvm_loaded(int is_new) {
  static uint32_t done;
  static uint64_t machine;
  if (__atomic_load_n(&done, __ATOMIC_RELAXED)) return;
  if (is_new) __atomic_store_n(&machine, find_machine(), __ATOMIC_RELAXED);
  uint64_t map = __atomic_load_n(&machine, __ATOMIC_RELAXED);
  if (map == 0 || !coexist_core_virtual_threads_matter(map) || is_internal_thread()) return;
  interface vm = NULL, jni = NULL;
  int count = 0;
  int (*created)(interface *, int, int *) =
      (int (*)(interface *, int, int *))coexist_object_symbol(map, "JNI_GetCreatedJavaVMs");
  if (created == NULL || created(&vm, 1, &count) != 0 || count != 1) return;
  if (CALL(vm, VM_GET_ENV, void *, int)(vm, &jni, JNI_VERSION_21) != 0) return;
  if (__atomic_exchange_n(&done, 1, __ATOMIC_RELAXED)) return;
  become_agent(vm, jni);
}
