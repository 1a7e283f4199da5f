// A guest that waits for a number, and then does with it what else there is.
#pragma once

struct renumbered {
  void (*wait)(int number);    // what it has sent itself before comes along
  void (*handles)(int number); // a handler: what it is told, reads back, and edits
  void (*asks)(int number);    // of the kernel, by each call that takes a number
  void (*dies)(int number, char *program);  // children: how they end, what they inherit
};
struct renumbered *alpha(void);
struct renumbered *beta(void);
