// Sanitizer runtime.
COEXIST_RUNTIME(sanitizer,
  .name = "sanitizer",
  .title = "Sanitizer runtime",
  .libraries = {"libasan.so*", "libtsan.so*", "libubsan.so*", "libclang_rt.asan*",
      "libclang_rt.tsan*"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGILL) | COEXIST_SIGNAL_BIT(SIGABRT) |
      COEXIST_SIGNAL_BIT(SIGTRAP),
  .claims = COEXIST_CLAIMS_NEVER,
  .passes = COEXIST_PASSES_NEVER,
  .stack = "alternate",
  .source = "llvm-project compiler-rt/lib/sanitizer_common/sanitizer_posix_libcdep.cpp")
