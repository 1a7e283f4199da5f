import Testing

/// C001 and C004: nothing of the file is used.
@Suite struct SyntaxTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var expected: String
    var label: String
    var testDescription: String { expected }

    init(_ text: String, _ expected: String, label: String = "") {
      (self.text, self.expected, self.label) = (text, expected, label)
    }
  }

  static let cases = brackets + keys + strings + values

  @Test(arguments: cases)
  func oneSentence(_ given: Case) throws {
    let reading = Reading("process.mode = \"off\"\n" + given.text)
    #expect(reading.summary == ["C004 " + given.expected])
    #expect(reading.diagnostics.first?.label == given.label)
    #expect(reading.settings.isEmpty)
    #expect(reading.config.mode == 2, "all defaults stay")
  }

  static let brackets: [Case] = [
    Case(
      "a = [\"jvm\", \"go\"\nuntil = 1\n", "3:1+1: a comma or `]` is missing in this array.",
      label: "the array that begins at 2:5 is still open"),
    Case(
      "a = [1, '''\n]\n''', # ]\n[2", "5:3+1: `]` is missing: the file ends within an array.",
      label: "the array that begins at 5:1 is still open"),
    Case("a = [1,,2]\n", "2:8+1: a value is missing before this comma."),
    Case(
      "a = { b = 1\n}\n", "2:12+1: an inline table must be closed on its line.",
      label: "the inline table that begins at 2:5 is still open"),
    Case(
      "a = {b = 1 c = 2}\n", "2:12+1: a comma or `}` is missing in this inline table.",
      label: "the inline table that begins at 2:5 is still open"),
    Case("a = {b = 1,}\n", "2:12+1: an inline table may not end with a comma."),
    Case("[log\n", "2:5+1: `]` is missing after this table name."),
    Case("[[log]\n", "2:7+1: `]` is missing after this table name."),
    Case("[]\n", "2:2+1: a table needs a name."),
    Case("[[{", "2:3+1: a key, or a part of it, is missing here."),
    Case("[log] level = 1\n", "2:7+5: nothing may follow a table name on its line."),
    Case("[log]\n[log]\n", "3:1+1: `log` is defined already."),
    Case(
      "a = \(String(repeating: "[", count: 40))\n",
      "2:37+1: arrays and inline tables are nested too deep."),
  ]

  static let keys: [Case] = [
    Case("a = 1\n  a = 2\n", "3:3+1: `a` is set already."),
    Case("a\n", "2:2+1: `=` is missing after this key."),
    Case("a = # nothing\n", "2:5+1: the value is missing after `=`."),
    Case("a. = 1\n", "2:4+1: a key, or a part of it, is missing here."),
    Case("= 1\n", "2:1+1: a key or a [table] must stand here."),
    Case(
      "naïve = 1\n", "2:3+1: `=` is missing after this key."),
    Case(
      "été = 1\n", "2:1+5: a key or a [table] must stand here.",
      label: "only strings and comments may hold this character"),
    Case(
      "\(Array(repeating: "a", count: 34).joined(separator: ".")) = 1\n",
      "2:64+1: this key has more than 32 parts."),
    Case(
      "x = [\"\"\"\"\"\"\"\"] # \"\n"
        + Array(repeating: "'a'", count: 40).joined(separator: " . ") + " = 1\n",
      "3:191+1: this key has more than 32 parts."),
    Case("a = 1 b = 2\n", "2:7+1: something follows the value; each key has a line of its own."),
    Case("a = 1\rb = 2\n", "2:7+1: a carriage return stands without its line feed."),
  ]

  static let strings: [Case] = [
    Case(
      "a = \"open\n", "2:10+1: the string is not closed on its line.",
      label: "the closing quote is missing"),
    Case(
      "a = \"\"\"open\n", "2:12+1: the closing quote is missing: the file ends within a string."),
    Case("a = \"\u{1}\"\n", "2:6+1: the string holds a control character."),
    Case("a = 'x\u{7F}'\n", "2:7+1: the string holds a control character."),
    Case("# \u{1}\n", "2:3+1: a comment holds a control character."),
    Case("a = \"C:\\Users\"\n", "2:10+1: this escape sequence names no character."),
    Case("a = \"\\q\"\n", "2:7+1: TOML does not know the escape sequence `\\q`."),
    Case("a = \"\\e\"\n", "2:7+1: TOML 1.0 does not know the escape sequence `\\e`."),
  ]

  static let values: [Case] = [
    Case("a = enforce\n", "2:5+7: `enforce` is not a value.", label: "write `\"enforce\"`"),
    Case("a = True\n", "2:5+4: `True` is not a value.", label: "did you mean `true`?"),
    Case("a = flase\n", "2:5+5: `flase` is not a value.", label: "did you mean `false`?"),
    Case("a = 012\n", "2:5+3: a number may not begin with 0."),
    Case("a = 1__2\n", "2:5+4: an underscore must stand between two digits."),
    Case(
      "a = 2020-13-01\n",
      "2:5+10: this date is not valid TOML: expected month between 1 and 12 (inclusive), saw 13."),
    Case(
      "a = 99999999999999999999\n",
      "2:5+20: this integer is not valid TOML: '99999999999999999999' is not representable in 64 "
        + "bits."),
  ]

  @Test(arguments: [
    ([UInt8]("a = \"é\"\nb = \"".utf8) + [0xFF, 0x22], "C004 2:6+1: this byte is not UTF-8."),
    ([0x61, 0xC0, 0x80], "C004 1:2+1: this byte is not UTF-8."),  // NUL, overlong
    ([0xED, 0xA0, 0x80], "C004 1:1+1: this byte is not UTF-8."),  // a surrogate
    ([0xF4, 0x90, 0x80, 0x80], "C004 1:1+1: this byte is not UTF-8."),  // past U+10FFFF
    ([UInt8]("# é".utf8) + [0], "C004 1:4+1: the file holds a NUL byte, so it is not text."),
    ([0xFF, 0xFE, 0x61, 0x00], "C004 1:1+2: the file is UTF-16, but TOML is UTF-8."),
  ])
  func notText(_ bytes: [UInt8], _ expected: String) {
    #expect(Reading(bytes: bytes).summary == [expected])
  }

  @Test func tooLarge() {
    let start = [UInt8]("version = 1\n#".utf8)
    let fits = start + [UInt8](repeating: 0x20, count: 65536 - start.count)
    #expect(Reading(bytes: fits).summary == [])
    let reading = Reading(bytes: fits + [0x20])
    #expect(reading.summary == ["C001 0:0+1: the file has 65537 bytes; at most 65536 are read."])
    #expect(reading.settings.isEmpty)
  }

  @Test func byteOrderMarkAndLineFeeds() {
    let bytes = [0xEF, 0xBB, 0xBF] + [UInt8]("version = 1\r\n[log]\r\nlevel = \"nfo\"\r\n".utf8)
    let reading = Reading(bytes: bytes)
    #expect(reading.settings == [Setting(key: "version", value: "1", line: 1, column: 1)])
    #expect(
      reading.summary == [
        "C003 3:9+5: `log.level` is \"nfo\"; it must be one of \"off\", \"error\", \"warn\", "
          + "\"info\", \"debug\"."
      ])
  }

  /// The deepest text that fits: no recursion may overflow the stack.
  @Test(arguments: ["[", "{a=", "a.", "[[a.", "x=[{y=", "\"\"\"", "'", "[a]\n"])
  func repeatedEndlessly(_ piece: String) {
    for prefix in ["", "x = ", "x = [\"\"\"\"a\"\"\"\"\", ", "["] {
      let text = prefix + String(repeating: piece, count: (65536 - 32) / piece.utf8.count)
      #expect(Reading(text).summary.count == 1)
    }
  }
}
