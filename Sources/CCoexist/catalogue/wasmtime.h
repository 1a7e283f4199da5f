// Wasmtime.
COEXIST_RUNTIME(wasmtime,
  .name = "wasmtime",
  .title = "Wasmtime",
  .libraries = {"_libwasmtime.so", "libwasmtime.so*"},
  .symbols = {"wasmtime_engine_clone", "wasm_engine_new"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGILL) |
      COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGBUS),
  .claims = COEXIST_CLAIMS_PRECISELY,
  .passes = COEXIST_PASSES_ON,
  .stack = "alternate of 256 KiB",
  .source = "bytecodealliance/wasmtime crates/wasmtime/src/runtime/vm/sys/unix/signals.rs")
