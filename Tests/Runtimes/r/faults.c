// Embeds R, as rpy2 and Java's JRI do, and evaluates scripts.
#include <Rinternals.h>
#include <Rembedded.h>
#include <R_ext/Parse.h>
#include <stdint.h>
#include <stdlib.h>

extern uintptr_t R_CStackLimit;  // Rinterface.h, which wants more of R than is needed here

void r_start(void) {
    char *arguments[] = {"R", "--vanilla", "--silent", "--no-echo"};
    setenv("R_HOME", R_HOME, 0);
    Rf_initialize_R(4, arguments);
    // Embedders turn R's own check off, since R knows one stack only, the main thread's. What is
    // left is the guard page, and R's handler for it (R src/main/main.c sigactionSegv).
    R_CStackLimit = (uintptr_t)-1;
    setup_Rmainloop();
}

// Returns what SCRIPT evaluates to, an integer, or -1 after an error, -2 when it is no script.
int r_run(const char *script) {
    ParseStatus status;
    int wrong = 0;
    SEXP text = PROTECT(Rf_mkString(script));
    SEXP parsed = PROTECT(R_ParseVector(text, 1, &status, R_NilValue));
    if (status != PARSE_OK) return -2;
    SEXP result = R_tryEval(VECTOR_ELT(parsed, 0), R_GlobalEnv, &wrong);
    UNPROTECT(2);
    return wrong ? -1 : Rf_asInteger(result);
}
