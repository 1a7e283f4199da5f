// error: must not use thread-local variable
// Only where COEXIST_INITIAL_EXEC_BEGIN says that the access is one load.
#include <ccoexist/sigsafe.h>

static _Thread_local int depth __attribute__((tls_model("initial-exec")));

#ifdef TWIN
COEXIST_INITIAL_EXEC_BEGIN
int nested(void) COEXIST_SIGSAFE { return depth++; }
COEXIST_INITIAL_EXEC_END
#else
int nested(void) COEXIST_SIGSAFE { return depth++; }
#endif
