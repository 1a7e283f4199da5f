// A pipe that nobody reads, and those who write to it: guests/lean.c, guests/writer.c.
#pragma once

#include "support/check.h"

void lean_initialize_runtime_module(void);
long lean_write(int fd);
long lean_write_by(long (*writes)(int), int fd);
long writer_write(int fd);

static int broken(void) {
  int ends[2];
  CHECK_EQ(pipe(ends), 0);
  close(ends[0]);
  return ends[1];
}
