// HotSpot JVM.
COEXIST_RUNTIME(jvm,
  .name = "jvm",
  .title = "HotSpot JVM",
  .libraries = {"libjvm.so", "libjava.so", "libverify.so", "libjimage.so", "libzip.so",
      "libnio.so", "libnet.so", "libjli.so", "libinstrument.so", "libmanagement.so", "libjsig.so"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGILL) | COEXIST_SIGNAL_BIT(SIGPIPE) |
      COEXIST_SIGNAL_BIT(SIGXFSZ) | COEXIST_SIGNAL_BIT(SIGQUIT) | COEXIST_SIGNAL_BIT(SIGHUP) |
      COEXIST_SIGNAL_BIT(SIGINT) | COEXIST_SIGNAL_BIT(SIGTERM) | COEXIST_SIGNAL_BIT(SIGUSR2),
  .private_signals = COEXIST_SIGNAL_BIT(SIGUSR2),
  .claims = COEXIST_CLAIMS_PRECISELY,
  .passes = COEXIST_PASSES_ON,
  .previous = COEXIST_PREVIOUS_JSIG,
  .flags = COEXIST_BOTTOM_ABORTS | COEXIST_VIRTUAL_THREADS,
  .stack = "interrupted (never SA_ONSTACK on Linux)",
  .source = "openjdk src/hotspot/os/posix/signals_posix.cpp")
