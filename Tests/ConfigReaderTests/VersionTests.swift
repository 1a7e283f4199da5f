import Testing

@Suite struct VersionTests {
  @Test func missing() {
    let reading = Reading("[process]\nmode = \"off\"\n")
    #expect(reading.summary == ["C006 1:1+1: `version` is missing."])
    #expect(reading.diagnostics[0].help == "add version = 1 as the first line")
    #expect(reading.config.mode == 0, "the file is read as version 1")
  }

  @Test func newerIsNotReadAtAll() {
    let reading = Reading("process.mode = \"off\"\nfoo = 1\nversion = 2\n")
    #expect(reading.summary == ["C030 3:11+1: version = 2, but this coexist reads version 1."])
    #expect(reading.diagnostics[0].help == "upgrade coexist, or write the file for version 1")
    #expect(reading.settings.isEmpty)
    #expect(reading.config.mode == 2)
  }

  @Test(arguments: [
    ("0", "C003 1:11+1: `version` is 0; it must be 1."),
    ("-1", "C003 1:11+2: `version` is -1; it must be 1."),
    ("\"1\"", "C005 1:11+3: `version` is a string; it must be an integer."),
    ("1.0", "C005 1:11+3: `version` is a float; it must be an integer."),
  ])
  func wrong(_ value: String, _ expected: String) {
    #expect(Reading("version = \(value)\n").summary == [expected])
  }
}
