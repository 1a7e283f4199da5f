// Calls over the border: the program calls the library, which calls malloc and free. In a container
// where coexist is, else after a plain dlopen. Words: nothing.
#include <coexist_container.h>

#include "bench.h"

static int (*start)(void *, const char *, int);
static int (*end)(void *);
static struct { long words[32]; } stream;  // z_stream is 112 bytes

static void call(void) {
  memset(&stream, 0, sizeof stream);
  start(&stream, "1", 112);
  end(&stream);
}

int main(int argc, char **argv) {
  struct coexist_container_options options = {.library = "libz.so.1"};
  coexist_container container;
  void *handle = NULL;
  (void)argc;
  if (!coexist_containers_available()) handle = dlopen("libz.so.1", RTLD_NOW);
  else if (coexist_container_open(&options, &container, NULL, 0) == 0)
    handle = coexist_container_handle(container);
  if (handle == NULL) bench_fail("libz.so.1 is not there");
  start = (int (*)(void *, const char *, int))dlsym(handle, "inflateInit_");
  end = (int (*)(void *))dlsym(handle, "inflateEnd");
  return bench_run(argv, call);
}
