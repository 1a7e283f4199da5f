// C that Swift cannot say: the table of message codes, the catalogue, and raw system calls.
#pragma once

#include <ccoexist/catalogue.h>
#include <stddef.h>

// One message code's page, for `coexist-inspect explain CODE`.
struct inspect_code {
  const char *code;         // "T101"
  const char *title;        // one line without a full stop
  const char *explanation;  // what happened, and why it matters
  const char *remedy;       // what the user can do
};

// Every code of the library, the configuration and the tool; NULL when index is past the end.
const struct inspect_code *inspect_code_at(size_t index);

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
