// The table of message codes: the configuration's (diagnostics.def), the library's and the tool's.
#include <CInspect.h>

#define COEXIST_DIAGNOSTIC(code, title, explanation, remedy) {code, title, explanation, remedy},
static const struct inspect_code codes[] = {
#if __has_include(<ccoexist/diagnostics.def>)
#include <ccoexist/diagnostics.def>
#endif
#include "codes/library.def"
#include "codes/target.def"
#include "codes/run.def"
#include "codes/doctor.def"
};

const struct inspect_code *inspect_code_at(size_t index) {
  return index < sizeof(codes) / sizeof(codes[0]) ? &codes[index] : NULL;
}
