// The library of held.c.
#include <dlfcn.h>
#include <stddef.h>

int open_another(void) { return dlopen("libz.so.1", RTLD_NOW) != NULL; }
