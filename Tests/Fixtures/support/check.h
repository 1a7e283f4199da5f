// Checks that end the program with a message. Usable in handlers of synchronous signals.
#pragma once

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHECK(condition)                                                     \
  do {                                                                       \
    if (!(condition)) check_failed(__FILE__, __LINE__, #condition);          \
  } while (0)

// Two integers or pointers that must be equal; both are shown when they are not.
#define CHECK_EQ(seen, expected)                                             \
  do {                                                                       \
    long check_a = (long)(seen), check_b = (long)(expected);                 \
    if (check_a != check_b) {                                                \
      dprintf(2, "%s:%d: %s is %#lx, not %#lx\n", __FILE__, __LINE__, #seen, check_a, check_b); \
      _exit(1);                                                              \
    }                                                                        \
  } while (0)

__attribute__((noreturn, unused)) static void check_failed(const char *file, int line,
                                                           const char *text) {
  dprintf(2, "%s:%d: not so: %s\n", file, line, text);
  _exit(1);
}
