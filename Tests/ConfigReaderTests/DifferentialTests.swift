import ConfigReader
import Testing

/// The reader against Python's tomllib: the same texts are TOML, and mean the same.
@Suite struct DifferentialTests {
  struct Document: Encodable {
    var document: String
    var accepted: Bool
    var exact: Bool
    var settings: [String: String]

    init(_ text: String) {
      let reading = Reading(text)
      document = text
      accepted = !reading.diagnostics.contains { $0.code == "C004" }
      exact = reading.diagnostics.isEmpty
      settings = reading.values
    }
  }

  @Test func documents() throws {
    let texts = tomlDocuments + SyntaxTests.cases.map(\.text) + DiagnosticTests.cases.map(\.text)
    let all = texts.filter(isWithinLimits).map(Document.init)
    #expect(all.filter(\.accepted).count > 40)
    #expect(all.filter { !$0.accepted }.count > 80)
    let disagreements = try python("differential.py", input: all)
    #expect(disagreements == "")
  }

  /// Small changes of every document; the same ones in each run.
  @Test func mutations() throws {
    var random = Random(state: 20261124)
    let documents = (tomlDocuments + [String(cString: coexist_config_template())]).flatMap { text in
      (0..<40).map { _ in mutation(of: text, &random) }
    }
    let within = documents.filter(isWithinLimits).map(Document.init)
    #expect(within.contains { $0.accepted } && within.contains { !$0.accepted })
    let disagreements = try python("differential.py", input: within)
    #expect(disagreements == "")
  }

  /// What is limited here and not by tomllib: nesting, numbers beyond 64 bits, and the digits of a
  /// fraction of a second.
  private func isWithinLimits(_ text: String) -> Bool {
    if text.contains("a.a.a") || text.contains("'a' . 'a' . 'a'") { return false }
    if text.contains(/[eE][+-]?[0-9_]{3}/) { return false }
    return !text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || "_.+-".contains($0))) }
      .contains { $0.count > 16 }
  }

  private func mutation(of text: String, _ random: inout Random) -> String {
    var scalars = Array(text.unicodeScalars)
    for _ in 0...Int(random.next(below: 2)) {
      let at = random.next(below: scalars.count + 1)
      switch random.next(below: 4) {
      case 0 where at < scalars.count: scalars.remove(at: at)
      case 1 where at < scalars.count:
        scalars[at] = alphabet[random.next(below: alphabet.count)]
      case 2:
        let from = random.next(below: scalars.count + 1)
        let slice = scalars[from..<min(from + random.next(below: 12), scalars.count)]
        scalars.insert(contentsOf: slice, at: at)
      default: scalars.insert(alphabet[random.next(below: alphabet.count)], at: at)
      }
    }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars)
    return String(result)
  }

  private let alphabet = Array(
    "[]{}=.,#\"'\\\n\r\t 0123456789_+-:aeETzZxobuéU\u{A0}\u{2028}".unicodeScalars)
}

/// xorshift64: the tests must not change from run to run.
private struct Random {
  var state: UInt64

  mutating func next(below limit: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(limit))
  }
}
