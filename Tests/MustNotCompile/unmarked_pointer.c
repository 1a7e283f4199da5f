// error: must not call non-'nonblocking' function 'coexist_real::sigaction'
// The table of real functions is plain C: each use of it on the signal path says why it is safe.
#include <ccoexist/real.h>

int set(const struct sigaction *act) COEXIST_SIGSAFE {
#ifdef TWIN
  return coexist_real_sigaction(SIGSEGV, act, 0);
#else
  return coexist_real.sigaction(SIGSEGV, act, 0);
#endif
}
