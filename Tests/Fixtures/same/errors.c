// What cannot be set fails as in the kernel and glibc and leaves *old alone: 0, 65, -1, SIGKILL,
// SIGSTOP, and glibc's own 32 and 33 (EINVAL). A query of SIGKILL works.
// flags: -Wno-restrict
#include "support/check.h"
#include "support/kernel.h"

static void one(int s) { (void)s; }

int main(void) {
  int signals[] = {-1, 0, SIGKILL, SIGSTOP, 32, 33, 34, 64, 65, 1000};
  for (unsigned n = 0; n < 10; n++) {
    struct sigaction new = {.sa_handler = one}, old;
    memset(&old, 0x5a, sizeof old);
    errno = 0;
    int set = sigaction(signals[n], &new, &old);
    int set_error = errno;
    long untouched = (long)old.sa_restorer == 0x5a5a5a5a5a5a5a5a;
    errno = 0;
    int query = sigaction(signals[n], 0, &old);
    printf("%d: set %d (%d) untouched %ld, query %d (%d), ", signals[n], set, set_error, untouched,
           query, errno);
    errno = 0;
    printf("nothing %d (%d)\n", sigaction(signals[n], 0, 0), errno);
  }
  struct sigaction same = {.sa_handler = one, .sa_flags = SA_NODEFER};  // act is oldact
  CHECK_EQ(sigaction(SIGSEGV, &same, &same), 0);
  CHECK_EQ(same.sa_handler, SIG_DFL);
  CHECK_EQ(kernel_action(SIGSEGV).handler, one);
}
