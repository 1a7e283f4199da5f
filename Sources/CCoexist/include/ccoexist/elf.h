// Reads loaded ELF objects in memory, without locks: also from a signal handler.
// Source: ELF gABI; glibc elf/dl-find_object.c (_dl_find_object is async-signal-safe, glibc ≥
// 2.35).
#pragma once

#include <link.h>
#include <stdint.h>
#include <ccoexist/sigsafe.h>

struct coexist_object {
  uint64_t map;         // struct link_map *; 0 = no object holds the address
  uint64_t low, high;   // its whole mapping
};

struct coexist_object coexist_object_at(uint64_t address) COEXIST_SIGSAFE;

// The object of a link map.
static inline struct coexist_object coexist_object_of(uint64_t map) COEXIST_SIGSAFE {
  return coexist_object_at((uint64_t)((const struct link_map *)map)->l_ld);
}

// DT_SONAME, else the last part of the file name, of a private copy what they were; "" for a main
// program.
const char *coexist_object_name(uint64_t map) COEXIST_SIGSAFE;
// Is it the main program? The loader gives only that one an empty name.
static inline int coexist_object_is_program(uint64_t map) COEXIST_SIGSAFE {
  return ((const struct link_map *)map)->l_name[0] == 0;
}

// A private copy in the program's own namespace has a name that nobody asks for
// (preload/container_scope.c).
struct coexist_alias {
  uint64_t container;  // (atomic) 0 = free
  char key[128];       // SONAME, or the path of one that has none
  char name[64];       // what it was
};
enum { COEXIST_ALIASES_MAX = 1024 };
extern struct coexist_alias *coexist_aliases;  // (atomic) NULL until the first
extern int coexist_aliases_used;               // (atomic) slots from the first that ever were
// NULL = it is no such copy.
const struct coexist_alias *coexist_object_alias(uint64_t map) COEXIST_SIGSAFE;
// Address of a dynamic symbol that the object itself defines; 0 = none.
uint64_t coexist_object_symbol(uint64_t map, const char *name) COEXIST_SIGSAFE;
// Does it carry a PT_NOTE of this name? low as in struct coexist_object.
int coexist_object_has_note(uint64_t low, const char *name) COEXIST_SIGSAFE;
// Is it one of the libraries that say nothing about who is at work (libc, the loader, ours, …)?
int coexist_object_is_system(const char *name) COEXIST_SIGSAFE;
// Address of a `ret` instruction in the object's code, near from; 0 = none.
uint64_t coexist_object_return(uint64_t from) COEXIST_SIGSAFE;

// Exchanges a word that the loader filled in, also where it has closed the page since. 0: the
// kernel does not open it.
int coexist_object_store(uint64_t map, uint64_t *slot, uint64_t value);

int coexist_text_equal(const char *a, const char *b) COEXIST_SIGSAFE;
// pattern's last `*` matches any rest.
int coexist_text_matches(const char *text, const char *pattern) COEXIST_SIGSAFE;
