// LLVM.
COEXIST_RUNTIME(llvm,
  .name = "llvm",
  .title = "LLVM",
  .libraries = {"libLLVM*"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGILL) | COEXIST_SIGNAL_BIT(SIGABRT) |
      COEXIST_SIGNAL_BIT(SIGTRAP) | COEXIST_SIGNAL_BIT(SIGQUIT),
  .claims = COEXIST_CLAIMS_NEVER,
  .passes = COEXIST_PASSES_REPORTED,
  .stack = "alternate",
  .tls = COEXIST_TLS_POLICY_CONTEXT,
  .source = "llvm-project llvm/lib/Support/Unix/Signals.inc")
