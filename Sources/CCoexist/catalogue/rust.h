// Rust standard library.
COEXIST_RUNTIME(rust,
  .name = "rust",
  .title = "Rust standard library",
  .libraries = {"libstd-*"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS),
  .claims = COEXIST_CLAIMS_PRECISELY,
  .passes = COEXIST_PASSES_ON,
  .stack = "alternate of each thread",
  .tls = COEXIST_TLS_POLICY_CONTEXT,
  .source = "rust-lang/rust library/std/src/sys/pal/unix/stack_overflow.rs")
