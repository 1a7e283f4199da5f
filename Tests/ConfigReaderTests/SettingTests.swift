import CCoexist
import ConfigReader
import Testing

/// What correct files mean.
@Suite struct SettingTests {
  @Test func defaults() {
    let config = Reading.defaults.config
    #expect(config.mode == COEXIST_MODE_ENFORCE.rawValue)
    #expect(config.children_strip == 0)
    #expect(config.abort_on_error == 0)
    #expect(config.log_level == COEXIST_LOG_WARN.rawValue)
    #expect(config.publish == 1)
    #expect(config.last_wins == 0)
    #expect(config.altstack_min_kib == 0)
    #expect(config.rules_count == 0)
    #expect(config.definitions_count == 0)
    #expect(config.keys == 0)
    #expect(config.problems == 0)
    #expect(fixed(config.log_file) == "stderr")
    #expect(fixed(config.state_path) == "%r/coexist/%p.state")
    #expect(fixed(config.source) == "")
  }

  @Test func templateGivesTheDefaults() {
    let reading = Reading(String(cString: coexist_config_template()))
    #expect(reading.summary == [])
    #expect(reading.config.keys == 11, "every scalar key stands in it")
    let expected = Reading("version = 1")
    expected.config.keys = reading.config.keys
    #expect(reading.bytes == expected.bytes)
  }

  /// The examples in the template's comments are right as well.
  @Test func templateExamples() {
    let lines = String(cString: coexist_config_template()).split(separator: "\n")
    let examples = lines.drop { !$0.hasPrefix("# [[signals.rule]]") }
      .filter { $0.contains(" = ") || $0.hasSuffix("]]") }.map { $0.dropFirst(2) }
    let reading = Reading("version = 1\n" + examples.joined(separator: "\n"))
    #expect(reading.summary == [])
    #expect(reading.rules.count == 1)
    #expect(reading.definitions.map(\.name) == ["lua"])
  }

  @Test func everyKey() {
    let reading = Reading(
      """
      version = 1
      [process]
      mode = "observe"
      children = "strip"
      on_error = "abort"
      [log]
      level = "debug"
      file = "/tmp/%e.%p.%t.100%%"
      [state]
      publish = false
      path = "%r/x"
      [signals]
      default = "last-wins"
      altstack_min_kib = 16384
      [[signals.rule]]
      signals = ["SIGSEGV", "SIGRTMIN+1", "SIGRTMAX-1", "SIGRTMAX"]
      order = ["jvm", "go#2", "libfoo.so.1", "scala"]
      until = "all"
      reason = "null checks"
      [[signals.rule]]
      signals = ["SIGHUP"]
      order = ["app"]
      [[runtime]]
      name = "scala"
      libraries = ["libscala*.so*", "libscala_rt.so"]
      [[tls]]
      libraries = ["libplugin.so.2", "libother*.so"]
      policy = "copy"
      """)
    #expect(reading.summary == [])
    let config = reading.config
    #expect(config.mode == COEXIST_MODE_OBSERVE.rawValue)
    #expect(config.children_strip == 1)
    #expect(config.abort_on_error == 1)
    #expect(config.log_level == COEXIST_LOG_DEBUG.rawValue)
    #expect(config.publish == 0)
    #expect(config.last_wins == 1)
    #expect(config.altstack_min_kib == 16384)
    #expect(fixed(config.log_file) == "/tmp/%e.%p.%t.100%%")
    #expect(fixed(config.state_path) == "%r/x")
    #expect(fixed(config.source) == "coexist-config.toml")
    let bits = [11, 35, 63, 64].reduce(UInt64(0)) { $0 | 1 << ($1 - 1) }
    #expect(reading.rules.map(\.signals) == [bits, 1])
    #expect(reading.rules.map(\.until) == [1, 0])
    #expect(reading.rules.map(\.line) == [15, 20])
    #expect(reading.rules.map(\.order) == [["jvm", "go#2", "libfoo.so.1", "scala"], ["app"]])
    #expect(reading.rules.map(\.reason) == ["null checks", ""])
    #expect(reading.definitions.map(\.libraries) == [["libscala*.so*", "libscala_rt.so"]])
    #expect(config.keys == UInt32(reading.settings.count))
    #expect(reading.settings.last?.key == "tls[0].policy")
    #expect(reading.settings.last?.line == 28)
    #expect(config.tls_rules_count == 1)
    #expect(config.tls_rules.0.policy == COEXIST_TLS_POLICY_COPY.rawValue)
    #expect(config.tls_rules.0.line == 26)
    #expect(config.tls_rules.0.libraries_count == 2)
    #expect(fixed(config.tls_rules.0.libraries.1) == "libother*.so")
  }

  @Test func wholeTOML() {
    let reading = Reading(
      #"""
      version = 0x1
      process = { mode = 'observe' }
      "log"."le\u0076el" = """
      in\
         fo"""
      signals.altstack_min_kib = 1_00
      signals.rule = [
        { signals = [ "SIGBUS", ], order = [ # first
          'jvm' ] },
      ]
      """#)
    #expect(reading.summary == [])
    #expect(
      reading.settings == [
        Setting(key: "version", value: "1", line: 1, column: 1),
        Setting(key: "process.mode", value: "\"observe\"", line: 2, column: 13),
        Setting(key: "log.level", value: "\"info\"", line: 3, column: 7),
        Setting(key: "signals.altstack_min_kib", value: "100", line: 6, column: 9),
        Setting(key: "signals.rule[0].signals", value: "[\"SIGBUS\"]", line: 8, column: 5),
        Setting(key: "signals.rule[0].order", value: "[\"jvm\"]", line: 8, column: 30),
      ])
    #expect(reading.rules.map(\.line) == [8])
  }

  /// A mistake costs what it touches and nothing else.
  @Test func goesOn() {
    let reading = Reading(
      """
      version = 1
      process.mode = "of"
      log.level = "info"
      [[signals.rule]]
      signals = ["SIGFOO", "SIGBUS"]
      order = ["go", 3]
      until = 1
      [[signals.rule]]
      signals = ["SIGILL"]
      [[signals.rule]]
      signals = ["SIGFPE"]
      order = ["jvm"]
      """)
    #expect(reading.diagnostics.map(\.code) == ["C003", "C013", "C005", "C005", "C006"])
    #expect(reading.errors == 5)
    #expect(reading.config.problems == 5)
    #expect(reading.config.mode == COEXIST_MODE_ENFORCE.rawValue)
    #expect(reading.rules.map(\.order) == [["go"], ["jvm"]])
    #expect(reading.rules.map(\.line) == [4, 10])
    #expect(
      reading.settings.map(\.key) == [
        "version", "log.level", "signals.rule[0].signals", "signals.rule[0].order",
        "signals.rule[1].signals", "signals.rule[1].order",
      ])
    #expect(reading.values["signals.rule[0].signals"] == "[\"SIGBUS\"]")
  }

  @Test func tooManyRecords() {
    let rules = (0..<33).map { index in
      "[[signals.rule]]\nsignals = [\"\(signal(index))\"]\norder = [\"go\"]\n"
    }
    let reading = Reading("version = 1\n" + rules.joined())
    #expect(reading.rules.count == 32)
    #expect(reading.summary == ["C010 98:1+16: there are more than 32 [[signals.rule]]."])
    let runtimes = (0..<17).map { "[[runtime]]\nname = \"r\($0)\"\nlibraries = [\"l\($0)\"]\n" }
    let other = Reading("version = 1\n" + runtimes.joined())
    #expect(other.definitions.count == 16)
    #expect(other.summary == ["C010 50:1+11: there are more than 16 [[runtime]]."])
  }

  private func signal(_ index: Int) -> String {
    index < 31 ? "SIGRTMIN+\(index)" : ["SIGHUP", "SIGINT"][index - 31]
  }

  @Test func sourceIsCut() {
    let reading = Reading(bytes: [], source: String(repeating: "x", count: 400))
    #expect(fixed(reading.config.source) == String(repeating: "x", count: 255))
    #expect(fixed(Reading(bytes: [], source: nil).config.source) == "")
  }
}
