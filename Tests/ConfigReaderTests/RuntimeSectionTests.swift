import CCoexist
import Testing

/// [[runtime]]: all that the catalogue's entries say, and the mistakes that one can make there.
@Suite struct RuntimeSectionTests {
  static let text = """
    version = 1
    [[runtime]]
    name = "lua"
    title = "Lua"
    libraries = ["liblua5.4.so*", "liblua-extra.so"]
    symbols = ["luaL_newstate"]
    note = "Lua"
    signals = ["SIGSEGV", "SIGINT", "SIGRTMIN+1"]
    private_signals = ["SIGRTMIN+1"]
    suspend_signal = "SIGRTMIN+1"
    claims = "own-code"
    passes = "reported"
    previous = "default"
    flags = ["bottom-aborts", "claims-its-pages"]
    stack = "alternate"
    source = "lua src/lua.c"
    loader = ["local", "stays"]
    steady_threads = 2
    restart = "lua_restart"
    bundled = ["uv_*"]
    tls = "entered"
    variables = ["lua_state:8", "lua_depth"]
    attach = "lua_attach"
    attach_argument = "lua_main"
    share = "lua_share"
    [[runtime]]
    name = "jvm"
    claims = "greedily"
    [[runtime]]
    name = "symbolic"
    symbols = ["symbolic_init"]
    suspend_signal = "first-realtime"
    """

  @Test func everyKeyIsStored() {
    let reading = Reading(Self.text)
    #expect(reading.summary == [])
    #expect(reading.config.definitions_count == 3)
    let lua = reading.config.definitions.0
    #expect(fixed(lua.title) == "Lua" && fixed(lua.note) == "Lua")
    #expect(lua.libraries_count == 2 && fixed(lua.libraries.1) == "liblua-extra.so")
    #expect(lua.symbols_count == 1 && fixed(lua.symbols.0) == "luaL_newstate")
    #expect(lua.signals == 1 << 10 | 1 << 1 | 1 << 34 && lua.private_signals == 1 << 34)
    #expect(lua.suspend_signal == 35 && reading.config.definitions.2.suspend_signal == .max)
    #expect(lua.claims == COEXIST_CLAIMS_OWN_CODE.rawValue + 1)
    #expect(lua.passes == COEXIST_PASSES_REPORTED.rawValue + 1)
    #expect(lua.previous == COEXIST_PREVIOUS_DEFAULT.rawValue + 1)
    #expect(lua.flags == COEXIST_BOTTOM_ABORTS.rawValue | COEXIST_CLAIMS_ITS_PAGES.rawValue)
    #expect(fixed(lua.stack) == "alternate" && fixed(lua.source) == "lua src/lua.c")
    #expect(lua.loader == COEXIST_LOADER_LOCAL.rawValue | COEXIST_LOADER_STAYS.rawValue)
    #expect(lua.steady_threads == 2 && fixed(lua.restart) == "lua_restart")
    #expect(lua.bundled_count == 1 && fixed(lua.bundled.0) == "uv_*")
    #expect(lua.tls == COEXIST_TLS_POLICY_ENTERED.rawValue)
    #expect(lua.variables_count == 2 && fixed(lua.variables.0) == "lua_state:8")
    #expect(fixed(lua.attach) == "lua_attach" && fixed(lua.attach_argument) == "lua_main")
    #expect(fixed(lua.share) == "lua_share")
    #expect(reading.values["runtime[0].flags"] == "[\"bottom-aborts\", \"claims-its-pages\"]")
    let jvm = reading.config.definitions.1
    #expect(jvm.libraries_count == 0 && jvm.passes == 0 && jvm.signals == 0, "not given")
  }

  static func lua(_ line: String) -> String {
    "[[runtime]]\nname = \"lua\"\nlibraries = [\"liblua.so\"]\n\(line)\n"
  }

  static let cases: [DiagnosticTests.Case] = [
    .init(
      lua("claims = \"precisly\""),
      "C003 5:10+10: `runtime.claims` is \"precisly\"; it must be one of \"unknown\", "
        + "\"precisely\", \"own-code\", \"greedily\", \"never\".",
      label: "did you mean \"precisely\"?"),
    .init(
      lua("flags = [\"each-module\", \"bottomaborts\"]"),
      "C003 5:25+14: an element of `runtime.flags` is \"bottomaborts\"; each must be one of "
        + "\"bottom-aborts\", \"aborts-near-stack\", \"each-module\", \"sends-raw\", "
        + "\"claims-its-pages\", \"virtual-threads\", \"small-stacks\".",
      label: "did you mean \"bottom-aborts\"?"),
    .init(
      lua("loader = [\"local\", \"local\"]"),
      "C031 5:20+7: `local` is twice in `runtime.loader`.", label: "the first one counts",
      severity: "warning"),
    .init(
      lua("suspend_signal = \"SIGPWRR\""),
      "C013 5:18+9: `SIGPWRR` is not the name of a signal.", label: "did you mean `SIGPWR`?"),
    .init(
      lua("suspend_signal = [\"SIGPWR\"]"),
      "C005 5:18+10: `runtime.suspend_signal` is an array; it must be a string."),
    .init(
      lua("signals = [\"SIGKILL\", \"SIGHUP\"]"),
      "C020 5:12+9: SIGKILL and SIGSTOP cannot be caught, so they cannot be chained."),
    .init(
      lua("sinals = [\"SIGHUP\"]"), "C002 5:1+6: unknown key `sinals` in [[runtime]].",
      label: "did you mean `signals`?"),
    .init(lua("restart = \"\""), "C003 5:11+2: `runtime.restart` is empty."),
    .init(
      lua("steady_threads = -1"),
      "C007 5:18+2: `runtime.steady_threads` is -1; it must be between 0 and 1024."),
    .init(
      lua("tls = \"copy\""),
      "C003 5:7+6: `runtime.tls` is \"copy\"; it must be one of \"native\", \"context\", "
        + "\"entered\", \"proxy\"."),
  ]

  @Test(arguments: cases)
  func oneMistake(_ given: DiagnosticTests.Case) throws {
    let reading = Reading(given.text)
    #expect(reading.summary == [given.expected])
    #expect(try #require(reading.diagnostics.first).label == given.label)
    #expect(reading.definitions.map(\.name) == ["lua"], "the rest of it counts")
  }

  /// A name that nothing can be known by.
  @Test func whatCannotBeRecognised() {
    let reading = Reading("version = 1\n[[runtime]]\nclaims = \"never\"\nname = \"lua\"\n")
    #expect(reading.summary == ["C006 2:1+11: `libraries` is missing in this [[runtime]]."])
    #expect(reading.config.definitions_count == 0)
  }
}
