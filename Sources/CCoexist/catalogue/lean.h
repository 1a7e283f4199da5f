// Lean 4.
COEXIST_RUNTIME(lean,
  .name = "lean",
  .title = "Lean 4",
  .libraries = {"libleanshared.so*", "libInit_shared.so*", "libleanshared_1.so*"},
  .symbols = {"lean_initialize_runtime_module"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV),
  .claims = COEXIST_CLAIMS_PRECISELY,
  .passes = COEXIST_PASSES_ON,
  .stack = "alternate on each Lean thread",
  .source = "leanprover/lean4 src/runtime/stack_overflow.cpp; object.cpp (task manager), "
      "libuv.cpp (one thread from the start); exports of libleanshared.so 4.35",
  .loader = COEXIST_LOADER_LOCAL | COEXIST_LOADER_STAYS,
  .steady_threads = 1,
  .restart = "lean_init_task_manager",
  .bundled = {"_Unwind_*", "__gmp*", "uv_*"})
