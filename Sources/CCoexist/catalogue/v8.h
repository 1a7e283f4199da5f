// V8.
COEXIST_RUNTIME(v8,
  .name = "v8",
  .title = "V8",
  .libraries = {"libmini_racer.so", "libv8.so*", "mini_racer_extension.so"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGPROF),
  .claims = COEXIST_CLAIMS_PRECISELY,
  .passes = COEXIST_PASSES_ON,
  .stack = "interrupted",
  .source = "v8 src/trap-handler/handler-inside-posix.cc TryHandleSignal")
