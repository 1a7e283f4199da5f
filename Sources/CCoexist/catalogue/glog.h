// glog.
COEXIST_RUNTIME(glog,
  .name = "glog",
  .title = "glog",
  .libraries = {"libglog.so*"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGILL) | COEXIST_SIGNAL_BIT(SIGABRT) |
      COEXIST_SIGNAL_BIT(SIGTERM),
  .claims = COEXIST_CLAIMS_NEVER,
  .passes = COEXIST_PASSES_REPORTED,
  .stack = "interrupted",
  .tls = COEXIST_TLS_POLICY_CONTEXT,
  .source = "google/glog src/signalhandler.cc")
