// Embeddable Common Lisp.
COEXIST_RUNTIME(ecl,
  .name = "ecl",
  .title = "Embeddable Common Lisp",
  .libraries = {"libecl.so*"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGILL) | COEXIST_SIGNAL_BIT(SIGINT) |
      COEXIST_SIGNAL_BIT(SIGPIPE),
  .claims = COEXIST_CLAIMS_GREEDILY,
  .passes = COEXIST_PASSES_ON,
  .stack = "interrupted",
  .source = "ecl src/c/unixint.d")
