// named LIBRARY FLAGS ISOLATION [crash|burn]: a container with a thread of its own, "guests"; then
// it waits, to be looked at, or crashes inside, or works there and ends.
#include <coexist_container.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void decline(int signal_number) { signal(signal_number, SIG_DFL); }

int main(int count, char **words) {
  if (count < 4) return 64;
  struct coexist_container_options options = {.library = words[1], .name = "guests",
                                              .flags = (unsigned)atoi(words[2]),
                                              .isolation = (unsigned)atoi(words[3])};
  coexist_container container;
  char error[400] = "";
  if (coexist_container_open(&options, &container, error, sizeof error) != 0)
    return puts(error), 1;
  int (*start)(void) = coexist_container_lookup(container, "start_thread");
  void (*crash)(void) = coexist_container_lookup(container, "crash");
  int (*handlers)(void) = coexist_container_lookup(container, "keep_handlers");
  if (start == NULL || crash == NULL || handlers == NULL || !start()) return 2;
  if (count > 4 && strcmp(words[4], "burn") == 0) {
    void (*burn)(void) = coexist_container_lookup(container, "burn");
    burn();
    _exit(0);
  }
  if (count > 4) {
    signal(SIGSEGV, decline);
    handlers();
    crash();
  }
  usleep(50000);  // so that the thread is in its loop
  printf("%p\n", (void *)crash);
  fflush(stdout);
  for (;;) pause();
}
