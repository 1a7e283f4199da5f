// A library that asks the kernel for signals, and counts them.
#pragma once

#include <mqueue.h>

struct asker {
  void (*catch)(int signal);
  int (*descriptor)(int fd, int signal);  // fcntl(2): F_SETOWN, F_SETSIG if not 0, O_ASYNC
  int (*queue)(mqd_t queue, int signal);
  int (*parents_death)(int signal);
  int volatile got;
  int volatile code;  // si_code of the last one
};
struct asker *alpha(void);
struct asker *beta(void);
