// The catalogue: every data file of catalogue/, and the libraries that are nobody's evidence.
#include <ccoexist/catalogue.h>
#include <signal.h>

#define COEXIST_RUNTIME(id, ...) \
  static const struct coexist_catalogue_entry runtime_##id = {__VA_ARGS__};
#include "catalogue/jvm.h"
#include "catalogue/openj9.h"
#include "catalogue/go.h"
#include "catalogue/dotnet.h"
#include "catalogue/mono.h"
#include "catalogue/python.h"
#include "catalogue/node.h"
#include "catalogue/v8.h"
#include "catalogue/wasmtime.h"
#include "catalogue/wasmer.h"
#include "catalogue/lean.h"
#include "catalogue/mojo.h"
#include "catalogue/ghc.h"
#include "catalogue/ocaml.h"
#include "catalogue/sbcl.h"
#include "catalogue/boehm.h"
#include "catalogue/guile.h"
#include "catalogue/ecl.h"
#include "catalogue/ruby.h"
#include "catalogue/erlang.h"
#include "catalogue/julia.h"
#include "catalogue/racket.h"
#include "catalogue/r.h"
#include "catalogue/d.h"
#include "catalogue/swift.h"
#include "catalogue/rust.h"
#include "catalogue/llvm.h"
#include "catalogue/sanitizer.h"
#include "catalogue/glog.h"
#include "catalogue/abseil.h"
#include "catalogue/breakpad.h"
#include "catalogue/crashpad.h"
#include "catalogue/sentry.h"
#undef COEXIST_RUNTIME

const struct coexist_catalogue_entry *const coexist_catalogue[] = {
    &runtime_jvm, &runtime_openj9, &runtime_go, &runtime_dotnet, &runtime_mono, &runtime_python,
    &runtime_node, &runtime_v8, &runtime_wasmtime, &runtime_wasmer, &runtime_lean, &runtime_mojo,
    &runtime_ghc, &runtime_ocaml, &runtime_sbcl, &runtime_boehm, &runtime_guile, &runtime_ecl,
    &runtime_ruby, &runtime_erlang, &runtime_julia, &runtime_racket, &runtime_r, &runtime_d,
    &runtime_swift, &runtime_rust, &runtime_llvm, &runtime_sanitizer, &runtime_glog,
    &runtime_abseil, &runtime_breakpad, &runtime_crashpad, &runtime_sentry,
};
const uint32_t coexist_catalogue_count =
    sizeof(coexist_catalogue) / sizeof(coexist_catalogue[0]);

static int listed(const struct coexist_catalogue_entry *entry, const char *name) COEXIST_SIGSAFE {
  for (int i = 0; i < COEXIST_CATALOGUE_LIBRARIES && entry->libraries[i] != 0; i++)
    if (coexist_text_matches(name, entry->libraries[i])) return i + 1;
  return 0;
}

int coexist_catalogue_recognises(uint32_t index, struct coexist_object object,
                                 const char *name) COEXIST_SIGSAFE {
  const struct coexist_catalogue_entry *entry = coexist_catalogue_at(index);
  if (entry == 0) return 0;
  if (listed(entry, name)) return 1;
  for (int i = 0; i < COEXIST_CATALOGUE_SYMBOLS && entry->symbols[i] != 0; i++)
    if (coexist_object_symbol(object.map, entry->symbols[i]) != 0) return 1;
  return entry->note != 0 && coexist_object_has_note(object.low, entry->note);
}

int coexist_catalogue_is_own_instance(uint32_t index, const char *name) COEXIST_SIGSAFE {
  const struct coexist_catalogue_entry *entry = coexist_catalogue_at(index);
  return (entry->flags & COEXIST_EACH_MODULE) != 0 || listed(entry, name) < 2;
}

uint32_t coexist_catalogue_loader(const char *name) COEXIST_SIGSAFE {
  for (uint32_t i = 0; i < coexist_catalogue_count; i++)
    if (coexist_catalogue[i]->loader != 0 && listed(coexist_catalogue[i], name))
      return coexist_catalogue[i]->loader;
  return 0;
}

const char *const *coexist_catalogue_bundled(const char *name) COEXIST_SIGSAFE {
  for (uint32_t i = 0; i < coexist_catalogue_count; i++)
    if (coexist_catalogue[i]->bundled[0] != 0 && listed(coexist_catalogue[i], name))
      return coexist_catalogue[i]->bundled;
  return 0;
}
