// How the configuration and the tools write what catalogue.h means: one list for the reader's
// schema, and for coexist-inspect runtime. What a word means stands beside its constant.
#pragma once

#define COEXIST_CLAIMS_WORDS(X)           \
  X("unknown", COEXIST_CLAIMS_UNKNOWN)    \
  X("precisely", COEXIST_CLAIMS_PRECISELY) \
  X("own-code", COEXIST_CLAIMS_OWN_CODE)  \
  X("greedily", COEXIST_CLAIMS_GREEDILY)  \
  X("never", COEXIST_CLAIMS_NEVER)

#define COEXIST_PASSES_WORDS(X)            \
  X("on", COEXIST_PASSES_ON)               \
  X("reported", COEXIST_PASSES_REPORTED)   \
  X("never", COEXIST_PASSES_NEVER)

#define COEXIST_PREVIOUS_WORDS(X)          \
  X("default", COEXIST_PREVIOUS_DEFAULT)   \
  X("jsig", COEXIST_PREVIOUS_JSIG)

#define COEXIST_FLAGS_WORDS(X)                          \
  X("bottom-aborts", COEXIST_BOTTOM_ABORTS)             \
  X("aborts-near-stack", COEXIST_ABORTS_NEAR_STACK)     \
  X("each-module", COEXIST_EACH_MODULE)                 \
  X("sends-raw", COEXIST_SENDS_RAW)                     \
  X("claims-its-pages", COEXIST_CLAIMS_ITS_PAGES)       \
  X("virtual-threads", COEXIST_VIRTUAL_THREADS)         \
  X("small-stacks", COEXIST_SMALL_STACKS)

#define COEXIST_LOADER_WORDS(X)      \
  X("local", COEXIST_LOADER_LOCAL)   \
  X("stays", COEXIST_LOADER_STAYS)

// What a library of a known runtime may have (copy is for [[tls]], which names one library).
#define COEXIST_RUNTIME_TLS_WORDS(X)           \
  X("native", COEXIST_TLS_POLICY_NATIVE)       \
  X("context", COEXIST_TLS_POLICY_CONTEXT)     \
  X("entered", COEXIST_TLS_POLICY_ENTERED)     \
  X("proxy", COEXIST_TLS_POLICY_PROXY)

#define COEXIST_FIRST_REALTIME_WORD "first-realtime"
