// Wasmer.
COEXIST_RUNTIME(wasmer,
  .name = "wasmer",
  .title = "Wasmer",
  .libraries = {"libwasmer.so*"},
  .symbols = {"wasmer_version"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGILL),
  .claims = COEXIST_CLAIMS_PRECISELY,
  .passes = COEXIST_PASSES_ON,
  .stack = "alternate",
  .source = "wasmerio/wasmer lib/vm/src/trap/traphandlers.rs")
