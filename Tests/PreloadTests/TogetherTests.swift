import Testing

/// Several runtimes in one process: what fails bare works under coexist.
@Suite struct TogetherTests {
  @Test("fails bare, works under coexist", arguments: Case.all(in: "together"))
  func together(_ test: Case) async throws {
    let program = try await test.program()
    let bare = try program.run()
    #expect(bare.ending.withoutCore != test.fixture.ends, "it should fail bare: \(bare)")
    try expectEach(test, program)
  }

  /// What only holds where coexist is: nothing is expected of the bare run.
  @Test("rules for several parties", arguments: Case.all(in: "rules"))
  func rules(_ test: Case) async throws {
    try expectEach(test, try await test.program())
  }

  private func expectEach(_ test: Case, _ program: Program) throws {
    let library = try Preload.require()
    for run in 1...test.fixture.times {
      let preloaded = try program.run(preload: library)
      try #require(
        preloaded.ending.withoutCore == test.fixture.ends, "run \(run): \(preloaded)")
      if case .exited = preloaded.ending, test.fixture.says.isEmpty {
        try #require(preloaded.errors == "", "run \(run): \(preloaded)")
      }
      for text in test.fixture.says {
        try #require(preloaded.errors.contains(text), "run \(run): \(preloaded)")
      }
    }
  }
}
