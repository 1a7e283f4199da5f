// GHC runtime.
COEXIST_RUNTIME(ghc,
  .name = "ghc",
  .title = "GHC runtime",
  .libraries = {"libHSrts*"},
  .symbols = {"hs_init"},
  .signals = COEXIST_SIGNAL_BIT(SIGINT) | COEXIST_SIGNAL_BIT(SIGPIPE) |
      COEXIST_SIGNAL_BIT(SIGTSTP) | COEXIST_SIGNAL_BIT(SIGQUIT),
  .claims = COEXIST_CLAIMS_PRECISELY,
  .passes = COEXIST_PASSES_ON,
  .stack = "interrupted",
  .source = "ghc/ghc rts/posix/Signals.c: no fault handlers")
