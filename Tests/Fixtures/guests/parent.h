// A library that plays a runtime with children of its own.
#pragma once

enum how { FORK, VFORK, SPAWN, HOWS };

struct parent {
  void (*wants)(int ignores);               // 1: SIGCHLD at SIG_IGN; 0: a handler
  int (*make)(enum how how, int status);    // a child that exits so; its pid
  int (*wait_for)(int pid);                 // its exit status, or -errno
  int (*wait_any)(int options);             // waitpid(-1): a pid, 0, or -errno
  int (*waitid_any)(void);                  // waitid(P_ALL): a pid, or -errno
};

struct parent *alpha(void);
struct parent *beta(void);
