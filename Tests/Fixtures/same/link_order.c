// dlsym(RTLD_NEXT) means next after the calling library; several in a row (dlsym(3)).
// library: first = guests/value.c -DVALUE=1
// library: second = guests/value.c -DVALUE=20
// library: third = guests/value.c -DVALUE=300
#include <dlfcn.h>
#include "support/check.h"

int value(void);

int main(void) {
  CHECK_EQ(value(), 321);
  CHECK_EQ(((int (*)(void))dlsym(RTLD_NEXT, "value"))(), 321);
  void *second = dlopen("libsecond.so", RTLD_NOW | RTLD_NOLOAD);
  CHECK(second != 0);
  CHECK_EQ(((int (*)(void))dlsym(second, "value"))(), 320);
}
