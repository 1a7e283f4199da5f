import Testing

/// Models of real runtimes (Fixtures/models) in one process: every ordered pair, larger parties.
@Suite struct PairTests {
  static let models = [
    "hotspot", "coreclr", "wasmtime", "v8", "faulthandler", "rust", "go", "boehm", "julia", "llvm",
    "sbcl", "mono", "racket", "ocaml",
  ]

  /// First → those that get along with it bare when they start second. All others fail bare.
  static let peaceful = [
    "hotspot": "wasmtime go boehm sbcl",
    "coreclr": "hotspot wasmtime go boehm sbcl",
    "faulthandler": "llvm",
    "rust": "hotspot wasmtime go boehm sbcl",
    "go": "wasmtime sbcl",
    "boehm": "hotspot wasmtime go sbcl",
    "julia": "hotspot wasmtime go boehm sbcl",
    "llvm": "hotspot coreclr wasmtime v8 faulthandler go boehm julia sbcl mono racket ocaml",
    "sbcl": "hotspot go",
    "mono": "hotspot wasmtime go boehm sbcl",
    "racket": "hotspot coreclr wasmtime go boehm sbcl",
    "ocaml": "coreclr wasmtime go sbcl",
  ]

  static let pairs = models.flatMap { first in
    models.filter { $0 != first }.map { "\(first) \($0)" }
  }

  /// All fourteen in four orders, and every model in two parties of four.
  static let parties: [String] = {
    let all = models.joined(separator: " ")
    let reversed = models.reversed().joined(separator: " ")
    let odd = models.enumerated().sorted { $0.offset % 2 > $1.offset % 2 }.map(\.element)
    let shifted = Array(models[7...] + models[..<7])
    let fours = models.indices.flatMap { n in
      [[0, 3, 5, 9], [0, 11, 6, 2]].map { steps in
        steps.map { models[(n + $0) % models.count] }.joined(separator: " ")
      }
    }
    return [all, reversed, odd.joined(separator: " "), shifted.joined(separator: " ")] + fours
  }()

  @Test("ordered pairs", arguments: pairs)
  func pair(_ names: String) async throws {
    let program = try await party(names)
    let bare = try program.run()
    let peace = Self.peaceful[names.words[0]]?.words.contains(names.words[1]) ?? false
    #expect((bare.ending == .exited(0)) == peace, "bare: \(bare)")
    try expectPeace(program, times: 10)
  }

  @Test("larger parties", arguments: parties)
  func larger(_ names: String) async throws {
    try expectPeace(try await party(names), times: 20)
  }

  private func party(_ names: String) async throws -> Program {
    try await Case(fixture: Fixture("models/party.c"), arguments: names).program()
  }

  private func expectPeace(_ program: Program, times: Int) throws {
    let library = try Preload.require()
    for run in 1...times {
      let preloaded = try program.run(preload: library)
      try #require(
        preloaded == Outcome(output: "all well\n", errors: "", ending: .exited(0)),
        "run \(run): \(preloaded)")
    }
  }
}
