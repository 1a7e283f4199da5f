// Embeds Guile, whose collector is Boehm's, and evaluates a script.
#include <libguile.h>

static void *evaluate(void *script) {
    return (void *)(intptr_t)scm_to_int(scm_c_eval_string(script));
}

// Returns what SCRIPT evaluates to, an integer.
int guile_run(const char *script) {
    return (int)(intptr_t)scm_with_guile(evaluate, (void *)script);
}
