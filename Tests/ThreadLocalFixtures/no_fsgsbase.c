// getauxval(3) of a kernel that lets no program write the FS base (AT_HWCAP2 without bit 1).
#include <dlfcn.h>
#include <sys/auxv.h>

unsigned long getauxval(unsigned long type) {
  static unsigned long (*real)(unsigned long);
  if (real == 0) real = (unsigned long (*)(unsigned long))dlsym(RTLD_NEXT, "getauxval");
  return type == AT_HWCAP2 ? real(type) & ~2ul : real(type);
}
