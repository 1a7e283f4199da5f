import Testing

/// Whoever looks sees no difference between a bare process and a preloaded one.
@Suite struct SameTests {
  @Test("one party: same bare and preloaded", arguments: Case.all(in: "same"))
  func alone(_ test: Case) async throws {
    let program = try await test.program()
    let bare = try program.run()
    #expect(bare.ending.withoutCore == test.fixture.ends, "bare: \(bare)")
    let library = try Preload.require()
    for run in 1...test.fixture.times {
      let preloaded = try program.run(preload: library)
      try #require(preloaded == bare, "run \(run): \(preloaded)\nbare: \(bare)")
    }
  }

  /// The same programs while a second party is asked first and declines, each time in another way.
  @Test(
    "in company: same as alone", arguments: Case.all(in: "same").filter { $0.fixture.company })
  func inCompany(_ test: Case) async throws {
    let alone = try await test.program().run()
    var program = try await Case(
      fixture: test.fixture.inCompany(), arguments: test.arguments
    ).program()
    let library = try Preload.require()
    let ways = [
      "reset", "previous", "by_signal", "raise", "pthread_kill", "tgkill", "kill", "requeue",
      "call_old", "return",
    ]
    for way in ways {
      program.environment["COMPANY"] = way
      let together = try program.run(preload: library)
      try #require(together == alone, "company by \(way): \(together)\nalone: \(alone)")
    }
  }
}
