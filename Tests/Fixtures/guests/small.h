// A runtime like Go, whose code runs on small stacks of its own.
#pragma once

void small_start(void);

// Runs the function with 1 KiB below its stack pointer. Returns how many bytes below that were
// written: another stack's.
long small_run(void (*function)(void));
