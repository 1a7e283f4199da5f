// C that Swift cannot say: the table of message codes, the catalogue, and raw system calls.
#pragma once

#include <ccoexist/catalogue.h>
#include <stddef.h>
#include <stdint.h>

// One message code's page, for `coexist-inspect explain CODE`.
struct inspect_code {
  const char *code;         // "T101"
  const char *title;        // one line without a full stop
  const char *explanation;  // what happened, and why it matters
  const char *remedy;       // what the user can do
};

// Every code of the library, the configuration and the tool; NULL when index is past the end.
const struct inspect_code *inspect_code_at(size_t index);

// A word of the catalogue, as the configuration writes it (catalogue_words.h).
struct inspect_word {
  const char *word;      // "own-code"
  const char *constant;  // "COEXIST_CLAIMS_OWN_CODE"
  uint32_t value;
};
enum inspect_words {
  INSPECT_CLAIMS, INSPECT_PASSES, INSPECT_PREVIOUS, INSPECT_FLAGS, INSPECT_LOADER, INSPECT_TLS,
};
// NULL when index is past the end.
const struct inspect_word *inspect_word_at(enum inspect_words list, size_t index);

// membarrier(2) MEMBARRIER_CMD_QUERY: bits of the supported commands, or -1 with errno.
int inspect_membarrier_query(void);
// Whether bits hold the private expedited command, which liburcu uses.
int inspect_membarrier_is_expedited(int bits);

// The name of a C++ symbol as in the source, to be freed; NULL if it is none, or if no C++ library
// is linked.
char *inspect_demangle(const char *symbol);

// Whether a file has capabilities (capabilities(7)), which make the loader ignore LD_PRELOAD.
int inspect_has_capabilities(const char *path);

// The version of the C library that is loaded: "2.36".
const char *inspect_libc_version(void);

enum { INSPECT_REGISTERS = 17 };  // rax … r15 and rip, as DWARF numbers them

// Addresses [low, high) of a mapping.
struct inspect_span {
  uint64_t low, high;
};

// A thread as it was when it stood still. The caller gives `stack` and `room`.
struct inspect_thread {
  uint64_t registers[INSPECT_REGISTERS];
  uint64_t start;       // address of the first byte of `stack`
  unsigned char *stack;
  size_t room, size;
  uint64_t stopped_ns;  // how long it stood still for us
};

// Stops the thread with ptrace(2), copies it, and lets it go. `spans`: sorted mappings, to know
// where its stack ends. 0 or errno: EPERM if tracing is not permitted, ESRCH if it is gone,
// ETIMEDOUT if it sleeps uninterruptibly.
int inspect_copy_thread(int pid, int tid, const struct inspect_span *spans, size_t count,
                        struct inspect_thread *thread);

// Bytes of another process's memory, as process_vm_readv(2); -1 with errno.
long inspect_read_memory(int pid, uint64_t address, void *to, size_t size);
