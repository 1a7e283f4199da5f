import Testing

/// COEXIST_DISABLE=1: everything exactly as without the library.
@Suite struct DisabledTests {
  @Test("disabled", arguments: Case.all(in: "together") + Case.all(in: "same"))
  func disabled(_ test: Case) async throws {
    var program = try await test.program()
    let bare = try program.run()
    program.environment["COEXIST_DISABLE"] = "1"
    let library = try Preload.require()
    for _ in 1...2 {
      let disabled = try program.run(preload: library)
      #expect(disabled.ending == bare.ending)
      #expect(disabled.output == bare.output)
      if test.fixture.varies { continue }
      #expect(disabled.errors.withoutStackAddresses == bare.errors.withoutStackAddresses)
    }
  }
}
