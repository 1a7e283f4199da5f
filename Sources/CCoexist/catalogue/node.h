// Node.js.
COEXIST_RUNTIME(node,
  .name = "node",
  .title = "Node.js",
  .libraries = {"libnode.so*"},
  .symbols = {"node_module_register"},
  .signals = COEXIST_SIGNAL_BIT(SIGSEGV) | COEXIST_SIGNAL_BIT(SIGINT) |
      COEXIST_SIGNAL_BIT(SIGTERM) | COEXIST_SIGNAL_BIT(SIGUSR1) | COEXIST_SIGNAL_BIT(SIGPIPE),
  .claims = COEXIST_CLAIMS_PRECISELY,
  .passes = COEXIST_PASSES_ON,
  .stack = "interrupted",
  .source = "nodejs/node src/node.cc TrapWebAssemblyOrContinue")
