// A model plays one real runtime: how it installs its handlers, what faults it causes and cures by
// itself, and what it does about a fault that is not its own (signals.md 1a, 1b, 1d, 1e).
#pragma once

struct model {
  void (*start)(void);   // what the runtime does when it starts
  void (*attach)(void);  // … on each further thread; may be 0
  int (*fault)(void);    // one fault of its own; 1 = it was cured
  void (*detach)(void);  // … when that thread ends; may be 0
  void (*stop)(void);    // shutdown; may be 0
  int damage;            // reports and shutdowns that it began because of somebody else's fault
};
