// error: must not call non-'nonblocking' function 'printf'
#include <ccoexist/sigsafe.h>
#include <ccoexist/tables.h>
#include <stdio.h>

void say(void) COEXIST_SIGSAFE {
#ifdef TWIN
  coexist_write_log("said\n", 5);
#else
  printf("said\n");
#endif
}
