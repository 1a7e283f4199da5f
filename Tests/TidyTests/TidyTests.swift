import Foundation
import Testing

/// Rules about the sources that no compiler knows.
@Suite struct TidyTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func files(_ folder: String, _ suffixes: [String]) -> [URL] {
    let start = root.appendingPathComponent(folder)
    let all = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)
    return (all?.allObjects as? [URL] ?? []).filter { url in
      suffixes.contains { url.path.hasSuffix($0) }
    }
  }

  @Test func linesAreAtMostAHundredColumns() throws {
    for folder in ["Sources", "Tests", "preload"] {
      for file in Self.files(folder, [".swift", ".c", ".h", ".S", ".cpp", ".def"]) {
        let text = try String(contentsOf: file, encoding: .utf8)
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
          .enumerated()
        where line.count > 100 {
          Issue.record("\(file.lastPathComponent):\(number + 1) has \(line.count) columns")
        }
      }
    }
  }

  @Test func theHostedCoreIsTheSameSources() throws {
    let link = Self.root.appendingPathComponent("Sources/CoexistCoreHosted").path
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "CoexistCore")
  }

  /// Entry → {Signals, …} → Threads → Runtimes → Support: a folder may use those on its right.
  @Test func foldersOfTheCoreOnlyLookDown() throws {
    let layers = ["Support", "Runtimes", "Threads", "Signals"]
    var names: [String: String] = [:]
    for layer in layers {
      for file in Self.files("Sources/CoexistCore/\(layer)", [".swift"]) {
        let text = try String(contentsOf: file, encoding: .utf8)
        for match in text.matches(of: /(?m)^(?:struct|enum) (\w+)/) {
          names[String(match.1)] = layer
        }
      }
    }
    #expect(names.count > 20)
    for (index, layer) in layers.enumerated() {
      for file in Self.files("Sources/CoexistCore/\(layer)", [".swift"]) {
        let text = try String(contentsOf: file, encoding: .utf8)
        for (name, owner) in names where layers.firstIndex(of: owner)! > index {
          let uses = text.contains("\(name).") || text.contains("\(name)(")
          #expect(!uses, "\(layer)/\(file.lastPathComponent) uses \(owner)/\(name)")
        }
      }
    }
  }
}
