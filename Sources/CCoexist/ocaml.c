// OCaml 4: its hooks, found by symbol, and threads that its thread library does not know. Source:
// caml/roots.h, signals.h, io.h, address_class.h; otherlibs/systhreads/st_stubs.c of 4.13.
#include <ccoexist/stacks.h>

#include <ccoexist/elf.h>
#include <ccoexist/entry.h>

// Tools and tests link this file without the core.
#pragma weak coexist_core_ocaml_scans
#pragma weak coexist_core_ocaml_enters

struct coexist_ocaml coexist_ocaml;
// preload/ocaml.c has the real ones.
__attribute__((weak)) uint32_t coexist_ocaml_register(void) { return 0; }
__attribute__((weak)) void coexist_ocaml_unregister(uint32_t key) { (void)key; }

int coexist_ocaml_find(uint64_t map) {
  struct coexist_ocaml *ocaml = &coexist_ocaml;
  struct coexist_ocaml found = {.low = coexist_object_of(map).low};
#define FIND(field, name) found.field = (__typeof__(found.field))coexist_object_symbol(map, name)
  FIND(scan_hook, "caml_scan_roots_hook");
  FIND(leave_hook, "caml_leave_blocking_section_hook");
  FIND(is_threaded, "caml_channel_mutex_lock");
  FIND(kind, "caml_page_table_lookup");
  FIND(thread_register, "caml_c_thread_register");
  FIND(thread_unregister, "caml_c_thread_unregister");
#undef FIND
  // Without a table of its pages nobody can tell its pointers from others' (OCaml 5, naked pointers
  // forbidden).
  if (!found.scan_hook || !found.kind) return 0;
  *ocaml = found;
  __atomic_store_n(&ocaml->map, map, __ATOMIC_RELEASE);
  return 1;
}

static coexist_ocaml_action action;
static void scan(coexist_ocaml_action of_this_collection) {
  action = of_this_collection;
  coexist_core_ocaml_scans();
  if (coexist_ocaml.before_scan) coexist_ocaml.before_scan(of_this_collection);
}
void coexist_ocaml_scan(uint64_t *place) { action(*place, place); }

static void leave(void) {
  coexist_core_ocaml_enters();
  coexist_ocaml.before_leave();
}

void coexist_ocaml_hook(void) {
  struct coexist_ocaml *ocaml = &coexist_ocaml;
  static uint32_t busy;
  if (__atomic_exchange_n(&busy, 1, __ATOMIC_ACQ_REL)) return;
  // Who took the place after us calls us, so only the first look at a runtime puts ours in.
  if (!ocaml->is_hooked) {
    ocaml->before_scan = *ocaml->scan_hook;
    *ocaml->scan_hook = scan;
    ocaml->is_hooked = 1;
  }
  // The thread library does not: it sets its own when it starts.
  int can_register = ocaml->is_threaded && *ocaml->is_threaded && ocaml->leave_hook &&
                     ocaml->thread_register && ocaml->thread_unregister;
  if (can_register && *ocaml->leave_hook != leave && ocaml->before_leave == 0) {
    ocaml->before_leave = *ocaml->leave_hook;
    __atomic_store_n(ocaml->leave_hook, leave, __ATOMIC_RELEASE);
  }
  __atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
}
