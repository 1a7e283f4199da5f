// Breakpad.
COEXIST_RUNTIME(breakpad,
  .name = "breakpad",
  .title = "Breakpad",
  .libraries = {"libbreakpad*"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGILL) | COEXIST_SIGNAL_BIT(SIGABRT) |
      COEXIST_SIGNAL_BIT(SIGTRAP),
  .claims = COEXIST_CLAIMS_NEVER,
  .passes = COEXIST_PASSES_REPORTED,
  .stack = "alternate, set by a raw system call",
  .tls = COEXIST_TLS_POLICY_CONTEXT,
  .source = "breakpad src/client/linux/handler/exception_handler.cc")
