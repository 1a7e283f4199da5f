// A library of nobody's that writes for whoever calls it, as an extension module does.
#include <unistd.h>

long writer_write(int fd) {
  long written = write(fd, "x", 1);
  __asm__ volatile("" : : : "memory");  // no tail call: its frame is to be seen
  return written;
}
