// Erlang BEAM.
COEXIST_RUNTIME(erlang,
  .name = "erlang",
  .title = "Erlang BEAM",
  .libraries = {"beam.smp"},
  .symbols = {"erl_drv_init_ack"},
  .signals = COEXIST_SIGNAL_BIT(SIGINT) | COEXIST_SIGNAL_BIT(SIGUSR1) |
      COEXIST_SIGNAL_BIT(SIGQUIT) | COEXIST_SIGNAL_BIT(SIGTERM) | COEXIST_SIGNAL_BIT(SIGUSR2),
  .claims = COEXIST_CLAIMS_PRECISELY,
  .passes = COEXIST_PASSES_ON,
  // Compiled code runs on its process's own stack, of a few hundred words at first
  // (erts/emulator/beam/erl_vm.h NATIVE_ERLANG_STACK).
  .flags = COEXIST_SMALL_STACKS,
  .stack = "alternate with the JIT",
  .source = "erlang/otp erts/emulator/sys/unix/sys.c: no fault handlers")
