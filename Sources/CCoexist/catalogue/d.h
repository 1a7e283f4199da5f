// D druntime.
COEXIST_RUNTIME(d,
  .name = "d",
  .title = "D druntime",
  .libraries = {"libdruntime-*", "libphobos2.so*"},
  .symbols = {"rt_init"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV),
  .claims = COEXIST_CLAIMS_UNKNOWN,
  .passes = COEXIST_PASSES_ON,
  .stack = "interrupted",
  .source = "dlang/dmd druntime/src/core/thread/osthread.d, etc/linux/memoryerror.d")
