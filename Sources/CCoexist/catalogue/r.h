// R.
COEXIST_RUNTIME(r,
  .name = "r",
  .title = "R",
  .libraries = {"libR.so"},
  .symbols = {"Rf_initEmbeddedR"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGILL) |
      COEXIST_SIGNAL_BIT(SIGBUS) | COEXIST_SIGNAL_BIT(SIGINT) | COEXIST_SIGNAL_BIT(SIGUSR1) |
      COEXIST_SIGNAL_BIT(SIGUSR2),
  .claims = COEXIST_CLAIMS_UNKNOWN,
  .passes = COEXIST_PASSES_NEVER,
  .stack = "alternate",
  .source = "R src/main/main.c sigactionSegv")
