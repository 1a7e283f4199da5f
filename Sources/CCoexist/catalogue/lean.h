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
  .source = "leanprover/lean4 src/runtime/stack_overflow.cpp")
