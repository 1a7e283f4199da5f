// A library whose state of the OS thread is reached at a fixed offset, as libGLdispatch's is.
static __thread int now __attribute__((tls_model("initial-exec")));
int current(void) { return ++now; }
