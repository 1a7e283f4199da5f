// A guest ignores SIGPIPE, another has a handler for it: the kernel's signal goes by who wrote.
// library: leanshared = guests/lean.c
// library: alpha = guests/guest.c
// library: writer = guests/writer.c
#include "guests/guest.h"
#include "support/pipe.h"

int main(void) {
  struct guest *a = alpha();
  a->answer = RETURN;
  lean_initialize_runtime_module();
  a->install(SIGPIPE, SA_SIGINFO);
  int fd = broken();
  for (int n = 0; n < 3; n++) {
    CHECK(lean_write(fd) == -1 && errno == EPIPE);
    CHECK(lean_write_by(writer_write, fd) == -1 && errno == EPIPE);
  }
  CHECK_EQ(a->asked, 0);
  // Who has asked for nothing has the handler that is there, as without us.
  CHECK(write(fd, "x", 1) == -1 && errno == EPIPE);
  CHECK_EQ(a->asked, 1);
}
