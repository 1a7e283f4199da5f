import Testing

/// What the host sees: dlopen answered from containers, limits, damaged files, many threads, and
/// nothing at all where there is no container.
@Suite struct HostTests {
  @Test func anUnawareProgramsDlopenIsAnsweredFromAContainer() throws {
    let program = try Workshop.build("unaware", ["unaware.c"], "-rdynamic")
    let one = try Workshop.build("libborder_guest_a.so", ["border_guest.cc"], "-shared -fPIC")
    let two = try Workshop.build("libborder_guest_b.so", ["border_guest.cc"], "-shared -fPIC")
    let bare = try Workshop.run("\(program) \(one) \(two)")
    #expect(bare.status != 0, "\(bare)")
    for run in 1...20 {
      let outcome = try Workshop.run("\(program) \(one) \(two) rule", preload: true)
      try #require(outcome.status == 0, "run \(run): \(outcome)")
    }
  }

  @Test func theSixteenthNamespaceIsRefusedAndScopesGoOn() throws {
    let program = try Workshop.build("sixteen", ["sixteen.c"])
    for _ in 1...20 {
      let outcome = try Workshop.run("\(program) libsqlite3.so.0 sqlite3_libversion", preload: true)
      try #require(outcome.status == 0, "\(outcome)")
    }
  }

  @Test("damaged files", arguments: ["cut 60", "header 600 1", "header 600 2", "header 600 3"])
  func damaged(_ words: String) throws {
    let name = words.split(separator: " ").joined(separator: "-")
    let program = try Workshop.build("broken-\(name)", ["broken.c"])
    let library = "/usr/lib/x86_64-linux-gnu/libz.so.1"
    let outcome = try Workshop.run("\(program) \(library) \(words)", preload: true, limit: 120)
    #expect(outcome.status == 0, "\(outcome)")
  }

  @Test("opening and closing from many threads under signals", arguments: ["", "scope"])
  func busy(_ isolation: String) throws {
    let program = try Workshop.build("busy\(isolation)", ["busy.c"])
    let outcome = try Workshop.run("\(program) libz.so.1 5 \(isolation)", preload: true, limit: 60)
    #expect(outcome.status == 0, "\(outcome)")
  }
}
