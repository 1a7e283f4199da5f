// What libcoexist-container.so (Sources/ContainerWriter) exports: it reads and writes ELF files
// with libelf. Opened when the first container is, so a process without one does not pay for it.
// Not for signal handlers: it allocates.
#pragma once

#include <link.h>
#include <stddef.h>
#include <stdint.h>

// An address that stands in for the primary's own under this name.
struct coexist_substitute {
  const char *name;
  uint64_t address;
};

// What decides, before loading, whether and how an ELF file can be in a container.
struct coexist_elf_facts {
  char soname[64];        // "" = none
  uint64_t tls_size;      // PT_TLS, rounded up to its alignment
  uint32_t static_tls;    // DF_STATIC_TLS: its thread-local block must be in the static area
  uint32_t unique;        // STB_GNU_UNIQUE symbols that it defines: each pins it
  uint32_t no_delete;     // DF_1_NODELETE
  uint32_t interpreter;   // PT_INTERP without a SONAME: a program, which dlopen refuses
  uint32_t others;        // DT_NEEDED outside glibc and libgcc: they bring more, not known here
  uint32_t descriptors;   // TLS descriptors of variables that another object defines
  uint32_t needs;         // bit i: needs the i-th of `family`
};

enum { COEXIST_WRITER_ERROR_MAX = 256 };

// Each returns 0, or -1 with one sentence in error (COEXIST_WRITER_ERROR_MAX bytes).

// For a primary that exports thread-local variables. Those have no one address; its proxy has them
// in a TLS module of its own, whose number is to be exchanged for the primary's. The functions get
// an address in the proxy: before any constructor of an object that needs it runs, and after the
// last destructor has.
struct coexist_forwarding {
  void (*arrived)(const void *code);
  void (*left)(const void *code);
  int used;  // result: the primary exports such variables
};

// Into fd: an object with the primary's SONAME, versions and dynamic symbols, each of them an
// absolute symbol at the address that the process's own code is bound to: an earlier object of the
// global scope wins, IFUNCs are resolved. Without `named` it has no SONAME. forwarding may be NULL:
// then thread-local variables are left out.
int coexist_writer_proxy(int fd, const struct link_map *primary, int named,
                         const struct coexist_substitute *substitutes, unsigned count,
                         struct coexist_forwarding *forwarding, char *error);

// Into fd: an object with these DT_NEEDED, in this order. It has the names of `face`, as a proxy of
// it would; with NULL it is empty.
int coexist_writer_root(int fd, const struct link_map *face,
                        const struct coexist_substitute *substitutes, unsigned substitutes_count,
                        const char *const *needed, unsigned count, char *error);

// family: SONAMEs, ended by NULL.
int coexist_writer_examine(const char *path, const char *const *family,
                           struct coexist_elf_facts *facts, char *error);

// The folders that the loader searches whoever asks: those of the environment, then, from `usual`
// on, its own. ldconfig's cache comes between the two.
struct coexist_search {
  const char *const *folders;
  unsigned count, usual;
};

// Where the loader finds a library of this name, without a RUNPATH: 1 with the path in out, which
// has PATH_MAX bytes, or 0.
int coexist_writer_search(const char *name, const struct coexist_search *search, char *out);

// The files that loading `path` would bring, breadth first as the loader does it, without those
// whose SONAME is in `shared`: found by RPATH, RUNPATH and `search`. Each is told to `found`,
// with the name that DT_NEEDED has for it; one that was not found is told with that name as its
// path, for the loader to find. found returns 0 to go on. The sizes of their initial-exec variables
// are added to static_tls.
int coexist_writer_closure(const char *path, const char *const *shared, unsigned shared_count,
                           const struct coexist_search *search,
                           int (*found)(const char *path, const char *name, void *context),
                           void *context, uint64_t *static_tls, char *error);

// Would glibc keep this loaded object for ever? "" or the reason.
const char *coexist_writer_pinned(const struct link_map *map);

// A SONAME, and one of the same length in its place.
struct coexist_rename {
  char from[64], to[64];
};

// Into fd: a copy of the file that can be unloaded: UNIQUE symbols made global, NODELETE cleared.
// Its SONAME and those of what it needs are renamed.
int coexist_writer_copy(int fd, const char *path, const struct coexist_rename *renames,
                        unsigned count, char *error);
