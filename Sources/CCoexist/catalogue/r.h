// R.
COEXIST_RUNTIME(r,
  .name = "r",
  .title = "R",
  .libraries = {"libR.so"},
  .symbols = {"Rf_initEmbeddedR"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGILL) |
      COEXIST_SIGNAL_BIT(SIGBUS) | COEXIST_SIGNAL_BIT(SIGINT) | COEXIST_SIGNAL_BIT(SIGUSR1) |
      COEXIST_SIGNAL_BIT(SIGUSR2) | COEXIST_SIGNAL_BIT(SIGPIPE),
  // Its own is what lies up to 16 MB below the main thread's stack; after any other report it
  // puts SIG_DFL in place and raises the signal.
  .claims = COEXIST_CLAIMS_UNKNOWN,
  .passes = COEXIST_PASSES_NEVER,
  .stack = "alternate",
  .source = "R src/main/main.c sigactionSegv, init_signal_handlers")
