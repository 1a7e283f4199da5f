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

  static let sources = ["Sources", "Tests", "preload"].flatMap {
    files($0, [".swift", ".c", ".cc", ".h", ".S", ".cpp", ".def"])
  }

  /// What is wrong, a line each, in one issue: a test that reports a hundred is not read.
  static func expectNone(_ problems: [String]) {
    #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
  }

  @Test func linesAreAtMostAHundredColumns() throws {
    var long: [String] = []
    for file in Self.sources {
      let text = try String(contentsOf: file, encoding: .utf8)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for (number, line) in lines.enumerated() where line.count > 100 {
        long.append("\(file.lastPathComponent):\(number + 1) has \(line.count) columns")
      }
    }
    Self.expectNone(long)
  }

  /// A file that is read in one go has one purpose. Headers are tables, read by the line.
  @Test func filesAreShort() throws {
    var long: [String] = []
    for file in Self.sources where file.pathExtension != "h" {
      let text = try String(contentsOf: file, encoding: .utf8)
      let lines = text.count { $0 == "\n" }
      if lines > 300 { long.append("\(file.lastPathComponent) has \(lines) lines") }
    }
    Self.expectNone(long)
  }

  @Test func nothingIsLeftForLater() throws {
    let words = ["FIX" + "ME", "TO" + "DO", "HA" + "CK"]
    var left: [String] = []
    for file in Self.sources {
      let text = try String(contentsOf: file, encoding: .utf8)
      for word in words where text.contains(word) {
        left.append("\(file.lastPathComponent): \(word)")
      }
    }
    Self.expectNone(left)
  }

  /// The escape from the compiler's proof is for guests' handlers alone.
  @Test func theProofHasNoHoles() throws {
    let escapes = ["_unsafe" + "Performance", "@_semantics", "nonisolated(unsafe)"]
    var holes: [String] = []
    for file in Self.files("Sources/CoexistCore", [".swift"]) {
      let text = try String(contentsOf: file, encoding: .utf8)
      for escape in escapes where text.contains(escape) {
        holes.append("\(file.lastPathComponent): \(escape)")
      }
    }
    Self.expectNone(holes)
  }

  @Test func theHostedCoreIsTheSameSources() throws {
    let link = Self.root.appendingPathComponent("Sources/CoexistCoreHosted").path
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "CoexistCore")
  }

  /// Entry → {Signals, ThreadLocal, Stacks} → Threads → Runtimes → Support: a folder may use those
  /// on its right, and none beside it.
  @Test func foldersOfTheCoreOnlyLookDown() throws {
    let layers = ["Support", "Runtimes", "Threads", "Signals", "ThreadLocal", "Stacks"]
    let ranks = [
      "Support": 0, "Runtimes": 1, "Threads": 2, "Signals": 3, "ThreadLocal": 3, "Stacks": 3,
    ]
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
    var upward: [String] = []
    for layer in layers {
      for file in Self.files("Sources/CoexistCore/\(layer)", [".swift"]) {
        let text = try String(contentsOf: file, encoding: .utf8)
        for (name, owner) in names where owner != layer && ranks[owner]! >= ranks[layer]! {
          let uses = text.firstMatch(of: try Regex("\\b\(name)[.(]")) != nil
          if uses { upward.append("\(layer)/\(file.lastPathComponent) uses \(owner)/\(name)") }
        }
      }
    }
    Self.expectNone(upward)
  }
}
