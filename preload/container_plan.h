// What one loading into a container consists of: container_plan.c makes it, container_load.c does
// it.
#pragma once

#include "container.h"

enum { NEEDED_MAX = 1000, RENAMES_MAX = 512 };

struct plan {
  const struct writer *writer;
  const char *target;     // DT_NEEDED that stands for the target
  const char *wanted;     // library whose closure is being planned
  char *text;
  uint64_t static_tls;    // what their initial-exec variables take
  uint64_t scope;         // isolation "scope": the container; 0 = a namespace
  int forwards;           // it shares thread-local variables
  unsigned count, own_count, files_count, copied_count, copies, renames_count;
  // Not cleared, for most of it stays unused.
  const char *needed[NEEDED_MAX];
  char *own[NEEDED_MAX];  // texts to be freed
  int files[NEEDED_MAX];  // memfds to be closed
  struct copied copied[NEEDED_MAX];
  // Isolation "scope": what will be copied, once all names are known.
  const char *files_of[NEEDED_MAX];
  struct coexist_rename renames[RENAMES_MAX];
};

// Returns 0, or -1 with plan->text.
int coexist_plan(struct plan *plan, struct loading *loading);
