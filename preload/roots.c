// Pins and roots for collectors (coexist.h).
#include "preload.h"

#define COEXIST_IMPLEMENTATION 1
#include <coexist.h>

EXPORT coexist_pin_t coexist_pin_add(const void *object) {
  return (coexist_pin_t){(void *)coexist_core_pin((uint64_t)object), object};
}
EXPORT int coexist_pin_remove(coexist_pin_t pin) {
  return coexist_core_unpin((uint64_t)pin.place, (uint64_t)pin.object);
}
EXPORT const void *coexist_pin_object(coexist_pin_t pin) {
  return (const void *)coexist_core_pinned((uint64_t)pin.place, (uint64_t)pin.object);
}
EXPORT int coexist_region_add(void *low, size_t size) {
  return coexist_core_region_add((uint64_t)low, size);
}
EXPORT int coexist_region_remove(const void *low) {
  return coexist_core_region_remove((uint64_t)low);
}

// One at a time: the core holds the only right to stop threads while it calls back.
static coexist_roots_visit visitor;
static void *visitor_argument;
static void visit(void *low, void *high) { visitor(low, high, visitor_argument); }

EXPORT int coexist_roots_each(unsigned which, coexist_roots_visit function, void *argument) {
  if (function == NULL || which == 0 || which > 7 || !coexist_ready()) return EINVAL;
  static uint32_t busy;
  if (__atomic_exchange_n(&busy, 1, __ATOMIC_ACQUIRE)) return EBUSY;
  visitor = function, visitor_argument = argument;
  coexist_core_roots_each(which, visit);
  __atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
  return 0;
}
