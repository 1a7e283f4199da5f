import Foundation
import Testing

@testable import InspectKit

/// The table of message codes.
struct CodeTests {
  /// One page for each code, and none that the tool's own sources give without a page.
  @Test func everyCodeHasAPage() throws {
    let codes = MessageCode.all.map(\.code)
    #expect(Set(codes).count == codes.count)
    for page in MessageCode.all {
      #expect(
        !page.title.hasSuffix(".") && page.explanation.hasSuffix(".") && page.remedy.hasSuffix("."),
        "\(page.code)")
    }
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    var seen = 0
    for folder in [
      "Sources/InspectKit", "Sources/coexist-inspect", "Sources/CoexistCore", "preload",
    ] {
      for code in try usedCodes(sources.appendingPathComponent(folder)) {
        #expect(codes.contains(code), "\(code) of \(folder)")
        seen += 1
      }
    }
    #expect(seen > 40)
  }

  private func usedCodes(_ folder: URL) throws -> Set<String> {
    let pattern = /["\[]([WLTRDC][0-9]{3})["\]]/
    var result: Set<String> = []
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      guard ["swift", "c"].contains(file.pathExtension) else { continue }
      let text = try String(contentsOf: file, encoding: .utf8)
      result.formUnion(text.matches(of: pattern).map { String($0.output.1) })
    }
    return result
  }
}
