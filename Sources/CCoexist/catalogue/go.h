// Go.
COEXIST_RUNTIME(go,
  .name = "go",
  .title = "Go",
  .symbols = {"_cgo_topofstack"},
  .note = "Go",
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGBUS) |
      COEXIST_SIGNAL_BIT(SIGFPE) | COEXIST_SIGNAL_BIT(SIGPIPE) | COEXIST_SIGNAL_BIT(SIGURG) |
      COEXIST_SIGNAL_BIT(SIGPROF),
  .private_signals = COEXIST_SIGNAL_BIT(SIGURG),
  .claims = COEXIST_CLAIMS_OWN_CODE,
  .passes = COEXIST_PASSES_ON,
  .flags = COEXIST_BOTTOM_ABORTS | COEXIST_EACH_MODULE | COEXIST_SENDS_RAW | COEXIST_SMALL_STACKS,
  .stack = "alternate, throws otherwise",
  .source = "golang/go src/runtime/signal_unix.go sigfwdgo, raisebadsignal, adjustSignalStack, "
      "initsig; src/os/signal/doc.go, SA_ONSTACK")
