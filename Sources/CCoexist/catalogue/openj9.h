// Eclipse OpenJ9.
COEXIST_RUNTIME(openj9,
  .name = "openj9",
  .title = "Eclipse OpenJ9",
  .libraries = {"libj9vm29.so", "libj9jit29.so", "libj9prt29.so", "libj9gc29.so", "libomrsig.so"},
  .symbols = {"omrsig_handler"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGILL) | COEXIST_SIGNAL_BIT(SIGTRAP) |
      COEXIST_SIGNAL_BIT(SIGUSR2),
  .claims = COEXIST_CLAIMS_PRECISELY,
  .passes = COEXIST_PASSES_ON,
  .flags = COEXIST_BOTTOM_ABORTS,
  .stack = "interrupted",
  .source = "eclipse-omr omrsigcompat/omrsig.cpp")
