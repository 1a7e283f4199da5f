// A sanitizer in the program has a strcmp of its own, and asks with dlsym for the real one that it
// calls before any constructor has run (gcc libsanitizer/asan/asan_rtl.cpp, .preinit_array).
// flags: -rdynamic -fno-builtin -ldl
#include <dlfcn.h>
#include "support/check.h"

static int (*real)(const char *, const char *);
int strcmp(const char *a, const char *b) { return real(a, b); }

static void *next_sigaction;
static void early(void) {
  next_sigaction = dlsym(RTLD_NEXT, "sigaction");
  real = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "strcmp");
}
__attribute__((section(".preinit_array"), used)) static void (*first)(void) = early;

int main(void) {
  CHECK(next_sigaction != NULL && real != NULL && real != strcmp);
  CHECK_EQ(strcmp("a", "a"), 0);
}
