// A library with SIZE bytes of initial-exec variables.
static __thread char block[SIZE] __attribute__((tls_model("initial-exec")));
int touch(void) { return ++block[0] + block[SIZE - 1]; }
