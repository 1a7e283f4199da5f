// Guile.
COEXIST_RUNTIME(guile,
  .name = "guile",
  .title = "Guile",
  .libraries = {"libguile-*"},
  .signals = COEXIST_SIGNAL_BIT(SIGINT),
  .claims = COEXIST_CLAIMS_UNKNOWN,
  .passes = COEXIST_PASSES_ON,
  .stack = "interrupted",
  .tls = COEXIST_TLS_POLICY_ENTERED,
  .source = "guile libguile/scmsigs.c")
