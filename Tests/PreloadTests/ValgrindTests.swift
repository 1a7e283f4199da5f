import Foundation
import Testing

/// Valgrind keeps dispositions, masks and alternate stacks of its own, and builds frames that only
/// it can leave; one party, where nothing of ours is installed, must work all the same.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/valgrind")))
struct ValgrindTests {
  /// Handlers that edit the context need exact registers at each memory access.
  static let exact = [
    "-q", "--error-exitcode=9", "--tool=none", "--px-default=allregs-at-mem-access",
    "--px-file-backed=allregs-at-mem-access", "--vex-guest-chase=no",
  ]

  @Test(
    "under valgrind",
    arguments: ["same/errno.c", "same/jumps.c", "same/nested.c onstack", "same/threads.c"])
  func same(_ words: String) async throws {
    let test = Case(
      fixture: try Fixture(words.words[0]), arguments: words.words[1...].joined(separator: " "))
    let built = try await test.program()
    let valgrind = Program(
      path: "/usr/bin/valgrind", arguments: Self.exact + [built.path] + built.arguments,
      limit: .seconds(30))
    let bare = try valgrind.run()
    #expect(bare.ending == .exited(0), "bare: \(bare)")
    let preloaded = try valgrind.run(preload: try Self.stripped())
    #expect(preloaded == bare)
  }

  /// Valgrind 3.19 gives up when it reads the debug information of a Swift compiler.
  private static func stripped() throws -> String {
    let copy = FileManager.default.temporaryDirectory
      .appending(path: "coexist-fixtures-\(getuid())/libcoexist.stripped.so").path
    let strip = Program(
      path: "/usr/bin/strip", arguments: ["--strip-debug", "-o", copy, try Preload.require()])
    let outcome = try strip.run()
    guard outcome.ending == .exited(0) else { throw Trouble("strip: \(outcome)") }
    return copy
  }
}
