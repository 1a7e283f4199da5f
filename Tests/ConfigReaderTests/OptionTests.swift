import CCoexist
import Testing

/// COEXIST_OPTIONS.
@Suite struct OptionTests {
  @Test func several() {
    let reading = Reading(
      options: "signals.default:last-wins, log.level : debug ,,process.mode:off,"
        + "log.file:\"/tmp/a,b:%p\",state.publish:false,signals.altstack_min_kib:'128',")
    #expect(reading.summary == [])
    #expect(reading.config.last_wins == 1)
    #expect(reading.config.log_level == COEXIST_LOG_DEBUG.rawValue)
    #expect(reading.config.mode == COEXIST_MODE_OFF.rawValue)
    #expect(reading.config.publish == 0)
    #expect(reading.config.altstack_min_kib == 128)
    #expect(fixed(reading.config.log_file) == "/tmp/a,b:%p")
    #expect(
      reading.settings.prefix(2) == [
        Setting(key: "signals.default", value: "\"last-wins\"", line: 0, column: 1),
        Setting(key: "log.level", value: "\"debug\"", line: 0, column: 28),
      ])
  }

  @Test func theLastOneWins() {
    let reading = Reading(options: "log.level:error,log.level:info")
    #expect(reading.summary == [])
    #expect(reading.config.log_level == COEXIST_LOG_INFO.rawValue)
  }

  @Test func nothing() {
    #expect(Reading(options: nil).summary == [])
    #expect(Reading(options: " ").summary == [])
  }

  @Test(arguments: [
    ("log.levl:debug", "C002 0:1+8: unknown key `log.levl` in COEXIST_OPTIONS."),
    ("log.level:info, version:1", "C002 0:17+7: unknown key `version` in COEXIST_OPTIONS."),
    ("signals.rule:x", "C002 0:1+12: unknown key `signals.rule` in COEXIST_OPTIONS."),
    (
      "process.mode:of",
      "C003 0:14+2: `process.mode` is \"of\"; it must be one of \"off\", \"observe\", \"enforce\"."
    ),
    ("log.file:", "C003 0:10+1: `log.file` is empty."),
    ("log.level", "C004 0:1+9: `log.level` has no value."),
    ("log.level=info", "C004 0:1+14: `log.level=info` has no value."),
    ("log.file:\"x", "C004 0:10+2: the closing quote is missing."),
    ("state.publish:yes", "C005 0:15+3: `state.publish` is `yes`; it must be a boolean."),
    (
      "signals.altstack_min_kib:99999999999999999999",
      "C005 0:26+20: `signals.altstack_min_kib` is `99999999999999999999`; it must be an integer."
    ),
    (
      "signals.altstack_min_kib:-1",
      "C007 0:26+2: `signals.altstack_min_kib` is -1; it must be between 0 and 16384."
    ),
  ])
  func mistake(_ options: String, _ expected: String) {
    let reading = Reading(options: options)
    #expect(reading.summary == [expected])
    #expect(reading.errors == 1)
  }

  @Test func suggestion() {
    #expect(Reading(options: "log.levl:debug").diagnostics[0].label == "did you mean `log.level`?")
    #expect(Reading(options: "log.level=info").diagnostics[0].label == "write `key:value`")
  }
}
