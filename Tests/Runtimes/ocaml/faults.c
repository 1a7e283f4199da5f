// The C side of the OCaml library: starts the runtime and calls a registered check by name.
#include <caml/alloc.h>
#include <caml/callback.h>

void oc_start(void) {
    char *arguments[] = {"oc", NULL};
    caml_startup(arguments);
}

int oc_check(const char *name) {
    const value *closure = caml_named_value(name);
    if (!closure) return -1;
    value result = caml_callback_exn(*closure, Val_unit);
    return Is_exception_result(result) ? -2 : Int_val(result);
}
