// OCaml.
COEXIST_RUNTIME(ocaml,
  .name = "ocaml",
  .title = "OCaml",
  .libraries = {"libasmrun_shared.so", "libcamlrun_shared.so"},
  .symbols = {"caml_startup", "caml_main"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV),
  .claims = COEXIST_CLAIMS_PRECISELY,
  .passes = COEXIST_PASSES_ON,
  .stack = "alternate on the main thread",
  .source = "ocaml/ocaml runtime/signals_nat.c segv_handler")
