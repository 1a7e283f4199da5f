// The C side of Coexist.lean, for Lean's linker: cc -c with the folder of coexist.h. Whoever links
// Lean's runtime has lean_apply_1; nothing else of lean.h is needed.
#include <coexist.h>
#include <stdint.h>

typedef struct lean_object lean_object;
extern lean_object *lean_apply_1(lean_object *function, lean_object *argument);
static lean_object *unit(void) { return (lean_object *)1; }

uint8_t coexist_lean_present(lean_object *none) {
  (void)none;
  return coexist_present() != 0;
}

static void *applied(void *function) { return lean_apply_1(function, unit()); }

// Takes over the reference to the function, as lean_apply_1 does.
lean_object *coexist_lean_on_stack(size_t bytes, lean_object *function) {
  coexist_context_t context = coexist_create();
  void *result = NULL;
  if (context == NULL || coexist_call(context, bytes, applied, function, &result) != 0)
    result = applied(function);
  (void)coexist_destroy(context);
  return result;
}
