import Testing

/// Each code is provoked at least once, with its exact place and words.
@Suite struct DiagnosticTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var expected: String  // "C002 3:11+5: message"
    var label = ""
    var help: String?
    var severity = "error"
    var testDescription: String { expected }

    init(
      _ text: String, _ expected: String, label: String = "", help: String? = nil,
      severity: String = "error"
    ) {
      self.text = "version = 1\n" + text
      self.expected = expected
      self.label = label
      self.help = help
      self.severity = severity
    }
  }

  static let cases = keys + values + rules + runtimes + containers + sections

  @Test(arguments: cases)
  func oneMistake(_ given: Case) throws {
    let reading = Reading(given.text)
    let found = try #require(reading.diagnostics.first)
    #expect(reading.summary == [given.expected])
    #expect(found.label == given.label)
    #expect(found.severity == given.severity)
    if let help = given.help { #expect(found.help == help) }
    #expect(reading.errors == (given.severity == "error" ? 1 : 0))
    #expect(reading.config.problems == 1)
    #expect(reading.values["version"] == "1", "the other keys are read")
  }

  static let keys: [Case] = [
    Case(
      "[signals]\n[[signals.rules]]\n", "C002 3:11+5: unknown key `rules` in [signals].",
      label: "did you mean `rule`?", help: "keys here are `default`, `altstack_min_kib`, `rule`"),
    Case(
      "procss.mode = \"off\"\n", "C002 2:1+6: unknown key `procss` at the top of the file.",
      label: "did you mean `process`?",
      help: "keys here are `version`, `process`, `log`, `state`, `signals`, `runtime`, "
        + "`tls`, `container`"),
    Case(
      "mode = \"off\"\n", "C002 2:1+4: unknown key `mode` at the top of the file.",
      label: "it belongs in [process]"),
    Case(
      "[log]\nxyzzy = 1\n", "C002 3:1+5: unknown key `xyzzy` in [log].",
      help: "keys here are `level`, `file`, `format`"),
    Case(
      "[log]\n\"\\u001B[31m\" = 1\n", "C002 3:1+12: unknown key `\\u001B[31m` in [log]."),
    Case(
      "[[signals.rule]]\nsignals = [\"SIGBUS\"]\norder = [\"go\"]\nuntill = \"all\"\n",
      "C002 5:1+6: unknown key `untill` in [[signals.rule]].", label: "did you mean `until`?",
      help: "keys here are `signals`, `order`, `until`, `reason`"),
  ]

  static let values: [Case] = [
    Case(
      "[process]\nmode     = \"enforced\"\n",
      "C003 3:12+10: `process.mode` is \"enforced\"; it must be one of \"off\", \"observe\", "
        + "\"enforce\".", label: "did you mean \"enforce\"?"),
    Case(
      "[state]\npath = \"/tmp/%q\"\n",
      "C003 3:8+9: `state.path` holds `%q`, which stands for nothing.",
      help: "known here: `%r`, `%p`, and `%%` for a percent sign"),
    Case("[log]\nfile = \"\"\n", "C003 3:8+2: `log.file` is empty.", help: ""),
    Case(
      "[log]\nfile = \"a\\u0000b\"\n", "C003 3:8+10: `log.file` holds a control character."),
    Case(
      "[log]\nlevel = 3\n",
      "C005 3:9+1: `log.level` is an integer; it must be one of \"off\", \"error\", \"warn\", "
        + "\"info\", \"debug\"."),
    Case(
      "[state]\npublish = \"true\"\n",
      "C005 3:11+6: `state.publish` is a string; it must be a boolean.",
      label: "write `true`, without quotes"),
    Case(
      "[signals]\naltstack_min_kib = \"64\"\n",
      "C005 3:20+4: `signals.altstack_min_kib` is a string; it must be an integer.",
      label: "write `64`, without quotes"),
    Case(
      "[signals]\naltstack_min_kib = 64.0\n",
      "C005 3:20+4: `signals.altstack_min_kib` is a float; it must be an integer."),
    Case(
      "log.file = 1979-05-27\n", "C005 2:12+10: `log.file` is a date; it must be a string."),
    Case(
      "log.file = 8080\n", "C005 2:12+4: `log.file` is an integer; it must be a string.",
      label: "write `\"8080\"`"),
    Case(
      "[signals]\naltstack_min_kib = 99999\n",
      "C007 3:20+5: `signals.altstack_min_kib` is 99999; it must be between 0 and 16384."),
    Case(
      "[signals]\naltstack_min_kib = 9223372036854775807\n",
      "C007 3:20+19: `signals.altstack_min_kib` is 9223372036854775807; it must be between 0 and "
        + "16384."),
    Case(
      "[log]\nfile = \"\(String(repeating: "é", count: 128))\"\n",
      "C007 3:8+258: `log.file` is 256 bytes long; at most 255 are allowed."),
  ]

  static func rule(_ signals: String, _ order: String = "\"go\"", _ rest: String = "") -> String {
    "[[signals.rule]]\nsignals = [\(signals)]\norder = [\(order)]\n\(rest)"
  }

  static let rules: [Case] = [
    Case(
      "  [[signals.rule]]  # why\nsignals = [\"SIGBUS\"]\n",
      "C006 2:3+16: `order` is missing in this [[signals.rule]].",
      help: "`order`: names of runtimes; the first is asked first"),
    Case(
      "signals.rule = [{ order = [\"go\"] }]\n",
      "C006 2:17+18: `signals` is missing in this [[signals.rule]]."),
    Case(
      rule("\"SIGBUS\"", "\"go\"", "reason = \"\(String(repeating: "x", count: 128))\"\n"),
      "C007 5:10+130: `signals.rule.reason` is 128 bytes long; at most 127 are allowed."),
    Case(rule(""), "C007 3:11+2: `signals.rule.signals` is empty; at least one element is needed."),
    Case(
      rule("\"SIGRTMIN+31\""),
      "C007 3:12+13: `SIGRTMIN+31` is no signal; real-time signals are SIGRTMIN to SIGRTMIN+30, "
        + "which is SIGRTMAX."),
    Case(
      "[[signals.rule]]\nsignals = \"SIGBUS\"\norder = [\"go\"]\n",
      "C005 3:11+8: `signals.rule.signals` is a string; it must be an array.",
      label: "write `[\"SIGBUS\"]`"),
    Case(
      rule("11, \"SIGBUS\""),
      "C005 3:12+2: an element of `signals.rule.signals` is an integer; each must be a string."),
    Case(
      rule("\"SIGBUS\"", (0..<17).map { "\"go#\($0)\"" }.joined(separator: ",")),
      "C010 4:128+7: `signals.rule.order` has 17 elements; at most 16 are allowed.",
      label: "from here on they are ignored"),
    Case(
      rule("\"SIGBUS\", \"SIGSEGV\"") + rule("\"SIGSEGV\""),
      "C011 6:12+9: SIGSEGV is in two rules (lines 2 and 5); the second can never match.",
      label: "the rule of line 2 comes first"),
    Case(
      rule("\"SIGABRT\"") + rule("\"SIGIOT\""),
      "C011 6:12+8: SIGIOT is in two rules (lines 2 and 5); the second can never match.",
      label: "the rule of line 2 comes first"),
    Case(
      rule("\"SIGBUS\"", "\"pyton\""),
      "C012 4:10+7: the runtime `pyton` is not known and no [[runtime]] defines it.",
      label: "did you mean `python`?"),
    Case(
      rule("\"SIGBUS\"", "\"go#x\""),
      "C012 4:10+6: the runtime `go#x` is not known and no [[runtime]] defines it."),
    Case(
      rule("\"SIGSEV\", \"SIGBUS\""), "C013 3:12+8: `SIGSEV` is not the name of a signal.",
      label: "did you mean `SIGSEGV`?",
      help: "names are SIGSEGV, SIGCHLD, …, SIGRTMIN+n and SIGRTMAX-n; see signal(7)"),
    Case(
      rule("\"segv\", \"SIGBUS\""), "C013 3:12+6: `segv` is not the name of a signal.",
      label: "did you mean `SIGSEGV`?"),
    Case(
      rule("\"SIGSTOP\", \"SIGBUS\""),
      "C020 3:12+9: SIGKILL and SIGSTOP cannot be caught, so they cannot be chained."),
    Case(
      rule("\"SIGRTMIN-1\", \"SIGBUS\""),
      "C021 3:12+12: signals 32 and 33 belong to libc itself; no program can ask for them."),
    Case(
      rule("\"SIGCANCEL\", \"SIGBUS\""),
      "C021 3:12+11: signals 32 and 33 belong to libc itself; no program can ask for them."),
    Case(
      rule("\"SIGBUS\"", "\"go\", \"go\""), "C031 4:16+4: `go` is twice in `signals.rule.order`.",
      label: "the first one counts", severity: "warning"),
    Case(
      rule("\"SIGABRT\", \"SIGIOT\""),
      "C031 3:23+8: `SIGIOT` is twice in `signals.rule.signals`.", label: "the first one counts",
      severity: "warning"),
  ]

  static func runtime(_ name: String, _ libraries: String) -> String {
    "[[runtime]]\nname = \(name)\nlibraries = [\(libraries)]\n"
  }

  static let runtimes: [Case] = [
    Case(
      "[runtime]\nname = \"x\"\n",
      "C005 2:1+9: `runtime` is a table; it must be an array of tables.",
      label: "write [[runtime]]"),
    Case(
      "[[runtime]]\nlibraries = [\"x.so\"]\n",
      "C006 2:1+11: `name` is missing in this [[runtime]].",
      help: "`name`: a known name, to add to what coexist knows of it, or a new one"),
    Case(
      runtime("\"a b\"", "\"x.so\""),
      "C003 3:8+5: `runtime.name` may hold letters, digits and `.`, `_`, `+`, `-` only."),
    Case(
      runtime("\"a\"", "\"x.so\", \"/usr/lib/y.so\""),
      "C003 4:22+15: the pattern `/usr/lib/y.so` holds a `/`, but a pattern is compared with a "
        + "SONAME or a file name."),
    Case(
      runtime("\"\(String(repeating: "n", count: 32))\"", "\"x.so\""),
      "C007 3:8+34: `runtime.name` is 32 bytes long; at most 31 are allowed."),
    Case(
      runtime("\"a\"", (0..<17).map { "\"\($0)\"" }.joined(separator: ",")),
      "C010 4:84+4: `runtime.libraries` has 17 elements; at most 16 are allowed.",
      label: "from here on they are ignored"),
    Case(
      runtime("\"a\"", "\"x.so\"") + runtime("\"a\"", "\"y.so\""),
      "C031 6:8+3: the runtime `a` is defined twice.", label: "first at line 3",
      help: "put its libraries together"),
    Case(
      runtime("\"a\"", "\"x.so\"") + runtime("\"b\"", "\"x.so\""),
      "C031 7:14+6: the library `x.so` is given to two runtimes.",
      label: "line 4 has it already", severity: "warning"),
  ]

  static func container(_ name: String, _ library: String, _ more: String = "") -> String {
    "[[container]]\nname = \"\(name)\"\nlibraries = [\"\(library)\"]\n\(more)"
  }

  static let containers: [Case] = [
    Case(
      "[[container]]\nname = \"a\"\n", "C006 2:1+13: `libraries` is missing in this [[container]].",
      help: "`libraries`: file names; each file that a dlopen names gets a namespace of its own"),
    Case(
      container("a", "x.so", "isolation = \"process\"\n"),
      "C003 5:13+9: `container.isolation` is \"process\"; it must be one of \"namespace\", "
        + "\"scope\"."
    ),
    Case(
      container("a", "x.so", "share = [\"libstdc++.so*\"]\n"),
      "C003 5:10+15: the SONAME `libstdc++.so*` is no SONAME: it holds a `/`, or is a pattern."),
    Case(
      container("a", "x.so", "copies = 1\n"),
      "C005 5:10+1: `container.copies` is an integer; it must be a boolean."),
    Case(
      container("a", "x.so", "close_timeout_ms = 60001\n"),
      "C007 5:20+5: `container.close_timeout_ms` is 60001; it must be between 0 and 60000."),
    Case(
      container("a", "x.so") + container("a", "y.so"),
      "C031 6:8+3: the container `a` is defined twice.", label: "first at line 3",
      help: "put its libraries together"),
    Case(
      container("a", "x.so") + container("b", "x.so"),
      "C031 7:14+6: the library `x.so` is given to two containers.",
      label: "line 4 has it already", severity: "warning"),
  ]

  static let sections: [Case] = [
    Case(
      "[[process]]\nmode = \"off\"\n",
      "C005 2:1+11: `process` is an array; it must be a table.", label: "write [process]"),
    Case("log = 1\n", "C005 2:7+1: `log` is an integer; it must be a table.", label: "write [log]"),
    Case(
      "runtime = [1]\n",
      "C005 2:12+1: an element of `runtime` is an integer; each must be a table."),
    Case(
      "[tls]\nmode = \"virtualise\"\n",
      "C005 2:1+5: `tls` is a table; it must be an array of tables.", label: "write [[tls]]"),
    Case(
      "[[tls]]\nlibraries = [\"x.so\"]\n", "C006 2:1+7: `policy` is missing in this [[tls]].",
      help: "`policy`: native: the OS thread's; context: each context has its own; copy: "
        + "exchanged at each switch; entered: own in contexts entered by hand only; proxy: "
        + "coexist_call runs on the context's own thread; register: with its own FS register"),
    Case(
      "[[tls]]\nlibraries = [\"x.so\"]\npolicy = \"contxt\"\n",
      "C003 4:10+8: `tls.policy` is \"contxt\"; it must be one of \"native\", \"context\", "
        + "\"copy\", \"entered\", \"proxy\", \"register\".", label: "did you mean \"context\"?"),
    Case(
      "[[tls]]\nlibraries = [\"x.so\"]\npolicy = \"copy\"\n[[tls]]\nlibraries = [\"x.so\"]\n"
        + "policy = \"native\"\n", "C031 6:14+6: the library `x.so` is in two [[tls]].",
      label: "line 3 comes first", severity: "warning"),
    Case(
      "[stacks]\nscan = \"off\"\n", "C042 2:2+6: [stacks] is planned; this version ignores it.",
      severity: "warning"),
  ]
}
