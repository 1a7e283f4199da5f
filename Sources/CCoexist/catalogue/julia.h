// Julia.
COEXIST_RUNTIME(julia,
  .name = "julia",
  .title = "Julia",
  .libraries = {"libjulia-internal.so*", "libjulia.so*", "libjulia-codegen.so*"},
  .symbols = {"jl_init"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGILL) | COEXIST_SIGNAL_BIT(SIGABRT) |
      COEXIST_SIGNAL_BIT(SIGUSR2) | COEXIST_SIGNAL_BIT(SIGINT),
  .private_signals = COEXIST_SIGNAL_BIT(SIGUSR2),
  .claims = COEXIST_CLAIMS_OWN_CODE,
  .passes = COEXIST_PASSES_NEVER,
  .flags = COEXIST_CLAIMS_ITS_PAGES,
  .stack = "alternate, 8 MiB per task thread",
  .source = "JuliaLang/julia src/signals-unix.c segv_handler")
