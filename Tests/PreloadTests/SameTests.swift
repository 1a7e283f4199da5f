import Testing

/// One party: whoever looks sees no difference between a bare process and a preloaded one.
@Suite struct SameTests {
  @Test("same bare and preloaded", arguments: Case.all(in: "same"))
  func same(_ test: Case) async throws {
    let program = try await test.program()
    let bare = try program.run()
    #expect(bare.ending.withoutCore == test.fixture.ends, "bare: \(bare)")
    let library = try Preload.require()
    for run in 1...test.fixture.times {
      let preloaded = try program.run(preload: library)
      try #require(preloaded == bare, "run \(run): \(preloaded)\nbare: \(bare)")
    }
  }
}
