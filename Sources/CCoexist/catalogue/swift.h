// Swift.
COEXIST_RUNTIME(swift,
  .name = "swift",
  .title = "Swift",
  .libraries = {"libswiftCore.so"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGILL) | COEXIST_SIGNAL_BIT(SIGABRT) |
      COEXIST_SIGNAL_BIT(SIGTRAP) | COEXIST_SIGNAL_BIT(SIGQUIT),
  .claims = COEXIST_CLAIMS_NEVER,
  .passes = COEXIST_PASSES_REPORTED,
  .stack = "alternate",
  .source = "swiftlang/swift stdlib/public/runtime/CrashHandlerLinux.cpp")
