// The signal-safety contract, understood by both compilers.
//
// A function declared COEXIST_SIGSAFE neither locks nor allocates. clang checks its C body
// (-Werror=function-effects); Swift lets `@_noLocks @_noAllocation` code call it, and nothing else.
#pragma once

#if defined(__clang__) && __has_attribute(nonblocking)
#define COEXIST_SIGSAFE \
  __attribute__((nonblocking, swift_attr("@_noLocks"), swift_attr("@_noAllocation")))
#else
#define COEXIST_SIGSAFE
#endif

// clang counts every thread-local access as one that may call the loader. With the initial-exec
// model, which all our C is built with, it is one load; tools/check looks that the library never
// calls __tls_get_addr.
#define COEXIST_INITIAL_EXEC_BEGIN \
  _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wfunction-effects\"")
#define COEXIST_INITIAL_EXEC_END _Pragma("clang diagnostic pop")
