// sentry-native.
COEXIST_RUNTIME(sentry,
  .name = "sentry",
  .title = "sentry-native",
  .libraries = {"libsentry.so*"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGILL) | COEXIST_SIGNAL_BIT(SIGABRT) |
      COEXIST_SIGNAL_BIT(SIGTRAP),
  .claims = COEXIST_CLAIMS_NEVER,
  .passes = COEXIST_PASSES_REPORTED,
  .stack = "alternate",
  .tls = COEXIST_TLS_POLICY_CONTEXT,
  .source = "getsentry/sentry-native src/backends/sentry_backend_inproc.c")
