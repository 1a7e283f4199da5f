// Boehm GC.
COEXIST_RUNTIME(boehm,
  .name = "boehm",
  .title = "Boehm GC",
  .libraries = {"libgc.so*", "libgc-*"},
  .symbols = {"GC_stop_world_external"},
  .signals = COEXIST_SIGNAL_BIT(SIGPWR) | COEXIST_SIGNAL_BIT(SIGXCPU) |
      COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS),
  .private_signals = COEXIST_SIGNAL_BIT(SIGPWR) | COEXIST_SIGNAL_BIT(SIGXCPU),
  .suspend_signal = SIGPWR,
  .claims = COEXIST_CLAIMS_OWN_CODE,
  .passes = COEXIST_PASSES_ON,
  .flags = COEXIST_BOTTOM_ABORTS | COEXIST_CLAIMS_ITS_PAGES | COEXIST_EACH_MODULE,
  .stack = "interrupted: scanning starts at the handler",
  .source = "ivmai/bdwgc os_dep.c GC_write_fault_handler, pthread_stop_world.c")
