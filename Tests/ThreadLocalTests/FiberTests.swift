import Foundation
import Testing

/// How often each cell of the matrix runs: `COEXIST_RUNS`, else few.
let runs = Int(ProcessInfo.processInfo.environment["COEXIST_RUNS"] ?? "") ?? 10

/// One cell: how the guest was compiled, how the host switches, on how many threads.
struct Cell: CustomStringConvertible, Sendable {
  var compiler: String, model: String, host: String, threads: Int
  var description: String { "\(compiler) \(model), \(host), \(threads) threads" }

  static let general: [Cell] = [
    ("gcc", "-ftls-model=global-dynamic"), ("gcc", "-ftls-model=local-dynamic"),
    ("clang", "-ftls-model=global-dynamic"), ("clang", "-ftls-model=local-dynamic"),
  ].flatMap { compiler, model in
    ["ucontext.c", "handmade.c", "handmade.c -DGUARD", "boost.cc -lboost_context"].flatMap { host in
      [1, 4].map { Cell(compiler: compiler, model: model, host: host, threads: $0) }
    }
  }

  func program() async throws -> String {
    let words = host.split(separator: " ").map(String.init)
    return try await Workshop.shared.program(words[0], Array(words.dropFirst()))
  }
  func guest() async throws -> String {
    try await Workshop.shared.guest("guest.c", compiler: compiler, [model])
  }
}

/// Fibers that migrate between OS threads at each visit, over guests with thread-local state.
@Suite struct FiberTests {
  @Test("each fiber has its own state", arguments: Cell.general)
  func general(_ cell: Cell) async throws {
    let words = [try await cell.program(), try await cell.guest(), "50", "\(cell.threads)", "over"]
    let bare = try run(words)
    #expect(bare.code == 1, "bare it must go wrong: \(bare)")
    for number in 1...runs {
      let result = try run(words, preload: Workshop.library())
      try #require(result.code == 0, "run \(number): \(result.output)")
    }
  }

  @Test func tenThousandFibersOnFourThreads() async throws {
    let guest = try await Workshop.shared.guest("guest.c")
    let words = [try await Workshop.shared.program("ucontext.c"), guest, "10000", "4", "over"]
    let result = try run(words, preload: Workshop.library())
    #expect(result.code == 0, "\(result.output)")
  }

  /// One line for each guest: copied instead of native, native instead of its own block, and what
  /// the code cannot be served by is refused.
  @Test(arguments: [
    ("flat.c", "-ftls-model=initial-exec", "copy", Int32(0), ""),
    ("flat.c", "-ftls-model=initial-exec", "context", 1, "W301"),
    ("guest.c", "-ftls-model=global-dynamic", "native", 1, ""),
    ("guest.c", "-ftls-model=global-dynamic", "context", 0, ""),
  ])
  func configured(
    _ source: String, _ model: String, _ policy: String, _ code: Int32, _ message: String
  ) async throws {
    let guest = try await Workshop.shared.guest(source, [model])
    let text = "version = 1\n[[tls]]\nlibraries = [\"guest.so\"]\npolicy = \"\(policy)\"\n"
    let folder = URL(filePath: guest).deletingLastPathComponent()
    let file = folder.appending(path: "\(policy).toml")
    try text.write(to: file, atomically: true, encoding: .utf8)
    let words = [try await Workshop.shared.program("ucontext.c"), guest, "50", "4"]
    let library = try Workshop.library()
    let result = try run(words, preload: library, ["COEXIST_CONFIG": file.path])
    #expect(result.code == code, "\(result.output)")
    #expect(message.isEmpty || result.output.contains(message), "\(result.output)")
  }

  @Test(arguments: ["gcc", "clang"])
  func descriptorsAreNamedAndStayNative(_ compiler: String) async throws {
    let guest = try await Workshop.shared.guest(
      "guest.c", compiler: compiler, ["-mtls-dialect=gnu2", "-ftls-model=global-dynamic"])
    let words = [try await Workshop.shared.program("ucontext.c"), guest, "50", "4"]
    let refused = try run(words, preload: Workshop.library())
    let told = refused.output.components(separatedBy: "W303").count - 1
    #expect(refused.code == 1 && told == 1, "\(refused.output)")
  }

  @Test func initialExecCodeIsNamedWithTheRemedy() async throws {
    let guest = try await Workshop.shared.guest("flat.c", ["-ftls-model=initial-exec"])
    let words = [try await Workshop.shared.program("ucontext.c"), guest, "50", "4"]
    let refused = try run(words, preload: Workshop.library())
    #expect(refused.code == 1 && refused.output.contains("W301"), "\(refused.output)")
    for _ in 1...runs {
      let copied = try run(words, preload: Workshop.library(), ["POLICY": "3"])
      try #require(copied.code == 0, "\(copied.output)")
    }
  }

  /// What the tool drafts is right for this guest; a symbol that is not there is told, and the
  /// library keeps its native behaviour.
  @Test(arguments: [("", Int32(0), ""), ("no_such_variable", 1, "no_such_variable")])
  func manifest(_ unknown: String, _ code: Int32, _ message: String) async throws {
    let guest = try await Workshop.shared.guest("flat.c", ["-ftls-model=initial-exec"])
    let draft = try run([Workshop.tool, "tls", "manifest", guest])
    #expect(draft.code == 0 && draft.output.contains("\"more\""), "\(draft.output)")
    let text = draft.output.replacing("variables = [", with: "variables = [\"\(unknown)\",")
    let place = URL(filePath: guest).deletingLastPathComponent()
    let file = place.appending(path: "manifest\(unknown).toml")
    let lines = unknown.isEmpty ? draft.output : text
    try ("version = 1\n" + lines).write(to: file, atomically: true, encoding: .utf8)
    let words = [try await Workshop.shared.program("ucontext.c"), guest, "50", "4"]
    for _ in 1...runs {
      let result = try run(words, preload: Workshop.library(), ["COEXIST_CONFIG": file.path])
      let told = result.output.components(separatedBy: "W302").count - 1
      try #require(result.code == code, "\(result.output)")
      #expect(unknown.isEmpty ? told == 0 : told == 1 && result.output.contains(message))
    }
  }

  /// What a manifest says must fit the library: else it is told once, with what would, and the
  /// library keeps its native behaviour.
  @Test(arguments: [
    (["value", "same"], "W306", ["value and same", "name one of them"]),
    (["same:4", "calls", "value:8"], "W306", ["cover the same bytes"]),
    (["value", "calls:12"], "W307", ["calls has 8 bytes only", "name no more of it"]),
  ])
  func manifestThatDoesNotFit(
    _ variables: [String], _ code: String, _ words: [String]
  ) async throws {
    let guest = try await Workshop.shared.guest(
      "flat.c", ["-ftls-model=initial-exec", "-DALIAS"])
    let place = URL(filePath: guest).deletingLastPathComponent()
    let file = place.appending(path: "unfit\(variables.count)\(code).toml")
    try "version = 1\n[[tls]]\nlibraries = [\"guest.so\"]\npolicy = \"copy\"\n"
      .appending("variables = \(variables)\n")
      .write(to: file, atomically: true, encoding: .utf8)
    let host = [try await Workshop.shared.program("ucontext.c"), guest, "50", "4"]
    let result = try run(host, preload: Workshop.library(), ["COEXIST_CONFIG": file.path])
    let told = result.output.split(separator: "\n").filter { $0.contains("warning[") }
    #expect(result.code == 1, "native: the fibers share it: \(result.output)")
    #expect(told.count == 1, "\(result.output)")
    let isWhole = told.allSatisfy { line in
      line.contains("[\(code)]") && words.allSatisfy { line.contains($0) }
    }
    #expect(isWhole, "\(result.output)")
  }

  /// Only some of a library's variables: the others stay with the OS thread.
  @Test func aPartOfAVariable() async throws {
    let guest = try await Workshop.shared.guest("flat.c", ["-ftls-model=initial-exec", "-DROOM=4"])
    let place = URL(filePath: guest).deletingLastPathComponent()
    let words = [try await Workshop.shared.program("ucontext.c"), guest, "50", "4"]
    for (bytes, code) in [(32, Int32(0)), (16, 1)] {
      let file = place.appending(path: "part\(bytes).toml")
      let text = """
        version = 1
        [[tls]]
        libraries = ["guest.so"]
        policy = "copy"
        variables = ["value", "calls", "more:\(bytes)"]

        """
      try text.write(to: file, atomically: true, encoding: .utf8)
      let result = try run(words, preload: Workshop.library(), ["COEXIST_CONFIG": file.path])
      #expect(result.code == code, "\(result.output)")
    }
  }
}
