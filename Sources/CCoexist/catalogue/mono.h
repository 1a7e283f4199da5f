// Mono.
COEXIST_RUNTIME(mono,
  .name = "mono",
  .title = "Mono",
  .libraries = {"libmonosgen-2.0.so*", "libmonoboehm-2.0.so*", "libcoreclr-mono.so",
      "libmono-native.so*", "libMonoPosixHelper.so"},
  .symbols = {"mono_jit_init"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGILL) | COEXIST_SIGNAL_BIT(SIGABRT) |
      COEXIST_SIGNAL_BIT(SIGQUIT),
  .private_signals = COEXIST_REALTIME_SIGNALS,
  .suspend_signal = COEXIST_SUSPEND_FIRST_REALTIME,
  .claims = COEXIST_CLAIMS_OWN_CODE,
  .passes = COEXIST_PASSES_NEVER,
  .stack = "SIGSEGV alternate, the others interrupted",
  .attach = "mono_jit_thread_attach",
  .attach_argument = "mono_get_root_domain",
  .source = "mono/mono mono/mini/mini-posix.c, mini-runtime.c mono_sigsegv_signal_handler; "
      "mono/utils/mono-threads-posix-signals.c signal_search_alternative; "
      "embed-api: mono/metadata/threads.h, appdomain.h")
