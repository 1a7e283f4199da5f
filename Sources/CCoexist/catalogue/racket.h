// Racket CS.
COEXIST_RUNTIME(racket,
  .name = "racket",
  .title = "Racket CS",
  .libraries = {"libracketcs.so*"},
  .symbols = {"racket_boot"},
  .signals = COEXIST_SIGNAL_BIT(SIGINT) | COEXIST_SIGNAL_BIT(SIGQUIT) |
      COEXIST_SIGNAL_BIT(SIGILL) | COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGSEGV),
  .claims = COEXIST_CLAIMS_GREEDILY,
  .passes = COEXIST_PASSES_ON,
  .stack = "interrupted",
  .source = "racket racket/src/ChezScheme/c/schsig.c")
