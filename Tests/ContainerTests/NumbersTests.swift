import Testing

/// Two copies of one library want one signal number. Each uses it in every way there is at the same
/// time as the other in every way; each is as alone.
@Suite struct NumbersTests {
  @Test("one number, two copies", arguments: ["namespace", "scope"])
  func pairs(_ isolation: String) throws {
    let program = try Workshop.build("numbers-\(isolation)", ["numbers.c"], "-I../Fixtures")
    let guest = try Workshop.build(
      "libnumbers_\(isolation).so", ["../Fixtures/guests/numbers.c"],
      "-shared -fPIC -DNAME=numbers -I../Fixtures")
    let bare = try Workshop.run("\(program) dlmopen \(guest)", limit: 10)
    #expect(bare.status != 0, "\(bare)")
    for run in 1...20 {
      let outcome = try Workshop.run(
        "\(program) \(isolation) \(guest)", preload: true, limit: 60)
      try #require(outcome.status == 0, "run \(run): \(outcome)")
    }
  }
}
