// Embeds ECL, whose collector is Boehm's, and evaluates forms.
#include <ecl/ecl.h>

void ecl_start(void) {
    char *arguments[] = {"ecl"};
    cl_boot(1, arguments);
}

// Returns what FORM evaluates to, a fixnum, or -1 after an error.
int ecl_run(const char *form) {
    cl_object result = cl_safe_eval(c_string_to_object(form), ECL_NIL, ecl_make_fixnum(-1));
    return (int)ecl_fixnum(result);
}
