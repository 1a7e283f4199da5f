import Foundation
import Testing

/// Valgrind keeps dispositions, masks and alternate stacks of its own; a smoke test that both
/// virtualisations get along.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/valgrind")))
struct ValgrindTests {
  @Test("under valgrind", arguments: ["same/errno.c", "same/jumps.c", "same/nested.c onstack"])
  func same(_ words: String) async throws {
    let test = Case(
      fixture: try Fixture(words.words[0]), arguments: words.words[1...].joined(separator: " "))
    let built = try await test.program()
    let valgrind = Program(
      path: "/usr/bin/valgrind",
      arguments: ["-q", "--error-exitcode=9", built.path] + built.arguments, limit: .seconds(30))
    let bare = try valgrind.run()
    let preloaded = try valgrind.run(preload: try Preload.require())
    #expect(preloaded.ending == bare.ending, "\(preloaded)\nbare: \(bare)")
    #expect(preloaded.output == bare.output)
  }
}
