// Opens the party libraries that tools/bench has built beside the programs.
#pragma once

#include "bench.h"

struct party {
  void (*install)(int flags, int masks_all, int declines);
  void (*close_page)(void);
  void (*fault)(void);
  void (*regions)(long count, int protection);
  void *(*page)(void);
  void (*map)(int protection);
  void (*protect)(int protection);
};

static inline struct party party_open(int number) {
  char path[4096];
  snprintf(path, sizeof path, "%s/libparty%d.so", getenv("BENCH_FOLDER"), number);
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) bench_fail(dlerror());
  return (struct party){
      .install = dlsym(library, "party_install"),
      .close_page = dlsym(library, "party_close_page"),
      .fault = dlsym(library, "party_fault"),
      .regions = dlsym(library, "party_regions"),
      .page = dlsym(library, "party_page"),
      .map = dlsym(library, "party_map"),
      .protect = dlsym(library, "party_protect"),
  };
}
