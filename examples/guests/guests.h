// What the hosts of these examples call. Each guest is a library of its own; functions return 1
// when the answer was right.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

// lean.c: Lean 4, and the logic programming language ELPI that is written in it.
long lean_start(void);
long lean_solves(void);             // a query, answered
long lean_counts(long depth);       // Lean code that calls itself that often
long lean_counts_deep(long depth);  // the same, with 1 GiB of stack
long lean_after_fork(void);         // tasks of Lean's in the child of fork

// pool.mojo: tasks on Mojo's threads.
long mojo_squares(long n);          // n² + (n+1)²

// java.c, Nulls.java: HotSpot.
long java_start(void);
long java_catches(long times);      // NullPointerExceptions, each a fault of the processor

// Numbers.hs: GHC's green threads.
long haskell_start(void);
long haskell_sums(long threads);

#ifdef __cplusplus
}
#endif
