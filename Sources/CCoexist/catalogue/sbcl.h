// SBCL.
COEXIST_RUNTIME(sbcl,
  .name = "sbcl",
  .title = "SBCL",
  .libraries = {"libsbcl.so"},
  .symbols = {"lisp_startup_options", "sbcl_main"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGTRAP) |
      COEXIST_SIGNAL_BIT(SIGILL) | COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGABRT) | COEXIST_SIGNAL_BIT(SIGUSR2) | COEXIST_SIGNAL_BIT(SIGURG) |
      COEXIST_SIGNAL_BIT(SIGINT),
  .private_signals = COEXIST_SIGNAL_BIT(SIGUSR2) | COEXIST_SIGNAL_BIT(SIGURG),
  .claims = COEXIST_CLAIMS_GREEDILY,
  .passes = COEXIST_PASSES_ON,
  .flags = COEXIST_BOTTOM_ABORTS,
  .stack = "alternate of each Lisp thread",
  .source = "sbcl/sbcl src/runtime/interrupt.c low_level_handle_now_handler, "
      "resignal_to_lisp_thread")
