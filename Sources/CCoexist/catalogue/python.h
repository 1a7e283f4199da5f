// CPython.
COEXIST_RUNTIME(python,
  .name = "python",
  .title = "CPython",
  .libraries = {"libpython*"},
  .symbols = {"Py_BytesMain", "Py_Main"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGILL) | COEXIST_SIGNAL_BIT(SIGABRT) |
      COEXIST_SIGNAL_BIT(SIGINT) | COEXIST_SIGNAL_BIT(SIGPIPE),
  .claims = COEXIST_CLAIMS_NEVER,
  .passes = COEXIST_PASSES_REPORTED,
  .stack = "alternate on the main thread",
  .tls = COEXIST_TLS_POLICY_ENTERED,
  .source = "python/cpython Modules/faulthandler.c faulthandler_fatal_error")
