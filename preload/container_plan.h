// What one loading into a container consists of: container_plan.c makes it, container_load.c does
// it.
#pragma once

#include "container.h"

enum { NEEDED_MAX = 1000, RENAMES_MAX = 512 };

struct plan {
  const char *needed[NEEDED_MAX];
  unsigned count;
  char *own[NEEDED_MAX];  // texts to be freed
  unsigned own_count;
  int files[NEEDED_MAX];  // memfds to be closed
  unsigned files_count;
  const struct writer *writer;
  const char *target;     // DT_NEEDED that stands for the target
  const char *wanted;     // library whose closure is being planned
  char *text;
  uint64_t static_tls;    // what their initial-exec variables take
  // Isolation "scope": what will be copied, once all names are known.
  uint64_t scope;         // the container; 0 = a namespace
  const char *files_of[NEEDED_MAX];
  struct coexist_rename renames[RENAMES_MAX];
  struct copied copied[NEEDED_MAX];
  unsigned copied_count;
  unsigned copies, renames_count;
};

// Returns 0, or -1 with plan->text.
int coexist_plan(struct plan *plan, struct loading *loading);
