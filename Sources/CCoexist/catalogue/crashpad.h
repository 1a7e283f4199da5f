// Crashpad.
COEXIST_RUNTIME(crashpad,
  .name = "crashpad",
  .title = "Crashpad",
  .libraries = {"libcrashpad*"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGILL) | COEXIST_SIGNAL_BIT(SIGABRT) |
      COEXIST_SIGNAL_BIT(SIGTRAP) | COEXIST_SIGNAL_BIT(SIGQUIT) | COEXIST_SIGNAL_BIT(SIGSYS),
  .claims = COEXIST_CLAIMS_NEVER,
  .passes = COEXIST_PASSES_REPORTED,
  .stack = "alternate",
  .tls = COEXIST_TLS_POLICY_CONTEXT,
  .source = "crashpad client/crashpad_client_linux.cc")
