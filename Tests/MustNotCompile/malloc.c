// error: must not call non-'nonblocking' function 'malloc'
#include <ccoexist/sigsafe.h>
#include <stdlib.h>

void *take(void) COEXIST_SIGSAFE {
#ifdef TWIN
  return 0;
#else
  return malloc(16);
#endif
}
