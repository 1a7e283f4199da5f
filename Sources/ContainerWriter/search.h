// The steps of a search; each returns 1 with the path in out (PATH_MAX bytes), or 0.
#pragma once

#include <ccoexist/container_writer.h>

#define SEARCH_CACHE "/etc/ld.so.cache"

// In one folder, its variants for newer processors first (glibc-hwcaps).
int search_folder(const char *folder, int length, const char *name, char *out);
int search_folders(const char *const *folders, unsigned count, const char *name, char *out);
int search_cache(const char *file, const char *name, char *out);
