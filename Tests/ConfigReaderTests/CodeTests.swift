import Foundation
import Testing

/// diagnostics.def, which `coexist-inspect explain` prints.
@Suite struct CodeTests {
  @Test func everyCodeIsExplainedAndProvoked() throws {
    let path = "Sources/CCoexist/include/ccoexist/diagnostics.def"
    let text = try String(contentsOf: repositoryRoot.appendingPathComponent(path), encoding: .utf8)
    let explained = text.matches(of: /COEXIST_DIAGNOSTIC\(\s*"(C\d+)"/).map { String($0.1) }
    let provoked = Set(DiagnosticTests.cases.map { String($0.expected.prefix(4)) })
      .union(["C001", "C004", "C030"])  // SyntaxTests, VersionTests
    #expect(explained == provoked.sorted())
  }
}
