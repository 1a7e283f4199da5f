// Abseil failure signal handler.
COEXIST_RUNTIME(abseil,
  .name = "abseil",
  .title = "Abseil failure signal handler",
  .libraries = {"libabsl_failure_signal_handler.so*"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGILL) | COEXIST_SIGNAL_BIT(SIGABRT) |
      COEXIST_SIGNAL_BIT(SIGTERM) | COEXIST_SIGNAL_BIT(SIGTRAP),
  .claims = COEXIST_CLAIMS_NEVER,
  .passes = COEXIST_PASSES_REPORTED,
  .stack = "alternate on request",
  .tls = COEXIST_TLS_POLICY_CONTEXT,
  .source = "abseil absl/debugging/failure_signal_handler.cc")
