// .NET (CoreCLR).
COEXIST_RUNTIME(dotnet,
  .name = "dotnet",
  .title = ".NET (CoreCLR)",
  .libraries = {"libcoreclr.so", "libclrjit.so", "System.Native.so", "libSystem.Native.so",
      "libhostfxr.so", "libhostpolicy.so", "libclrgc.so", "libmscordaccore.so",
      "System.Globalization.Native.so", "libSystem.Globalization.Native.so"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGILL) | COEXIST_SIGNAL_BIT(SIGTRAP) |
      COEXIST_SIGNAL_BIT(SIGABRT) | COEXIST_SIGNAL_BIT(SIGINT) | COEXIST_SIGNAL_BIT(SIGQUIT) |
      COEXIST_SIGNAL_BIT(SIGTERM),
  .private_signals = COEXIST_SIGNAL_BIT(34),  // SIGRTMIN: stops a thread at its next safe place
  .claims = COEXIST_CLAIMS_OWN_CODE,
  .passes = COEXIST_PASSES_ON,
  .flags = COEXIST_BOTTOM_ABORTS | COEXIST_ABORTS_NEAR_STACK,
  .stack = "SIGSEGV alternate, the others interrupted",
  .source = "dotnet/runtime src/coreclr/pal/src/exception/signal.cpp (INJECT_ACTIVATION_SIGNAL)")
