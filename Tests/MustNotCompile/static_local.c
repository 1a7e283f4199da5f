// error: must not have static local
// The first call would initialise it under a guard.
#include <ccoexist/sigsafe.h>

int *counter(void) COEXIST_SIGSAFE {
#ifdef TWIN
  extern int file_counter;
  return &file_counter;
#else
  static int local_counter;
  return &local_counter;
#endif
}
