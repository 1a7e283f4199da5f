// Ruby.
COEXIST_RUNTIME(ruby,
  .name = "ruby",
  .title = "Ruby",
  .libraries = {"libruby*"},
  .symbols = {"ruby_init"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGILL) | COEXIST_SIGNAL_BIT(SIGSYS) | COEXIST_SIGNAL_BIT(SIGINT) |
      COEXIST_SIGNAL_BIT(SIGVTALRM) | COEXIST_SIGNAL_BIT(SIGCHLD),
  .private_signals = COEXIST_SIGNAL_BIT(SIGVTALRM),
  .claims = COEXIST_CLAIMS_OWN_CODE,
  .passes = COEXIST_PASSES_NEVER,
  .stack = "SIGSEGV alternate",
  .source = "ruby/ruby signal.c sigsegv, check_stack_overflow, rb_bug_for_fatal_signal")
