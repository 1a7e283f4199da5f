import Testing

/// The end of a container: what a library left behind is taken back, or close says who is in the
/// way.
@Suite struct LifeTests {
  @Test(
    "what is left behind",
    arguments: [
      "thread", "waits", "own_destructor", "other_destructor", "key", "handlers", "timer", "exits",
      "twice", "sealed", "stuck",
    ])
  func life(_ what: String) throws {
    let program = try Workshop.build("life-\(what)", ["life.cc"])
    let guest = try Workshop.build("liblife_\(what).so", ["life_guest.cc"], "-shared -fPIC")
    let flags = what == "stuck" ? "0" : "1"
    for run in 1...40 {
      // A scope has copies only, so nothing is stuck in it.
      let isolation = run % 2 == 0 && what != "stuck" ? "scope" : ""
      let outcome = try Workshop.run(
        "\(program) \(what) \(guest) \(flags) \(isolation)", preload: true)
      try #require(outcome.status == 0, "run \(run): \(outcome)")
    }
  }

  /// Memory, descriptors and mappings flat, always namespace 1: cycle.c. With plain dlmopen a C++
  /// library is never unloaded: STB_GNU_UNIQUE pins libstdc++.
  @Test(
    "cycles are flat",
    arguments: [
      "10000 0 libz.so.1 zlibVersion", "500 0 libsqlite3.so.0 sqlite3_libversion_number",
      "60 1 libcrypto.so.3 OPENSSL_init", "60 1 GUEST early", "60 1 GUEST std_thread",
      "60 1 GUEST once", "10000 0 libz.so.1 zlibVersion scope",
      "60 1 libcrypto.so.3 OPENSSL_init scope", "60 1 GUEST once scope",
    ])
  func cycles(_ words: String) throws {
    let name = words.split(separator: " ").joined(separator: "-")
    let program = try Workshop.build("cycle-\(name)", ["cycle.c"])
    let guest = try Workshop.build("libguest-\(name).so", ["border_guest.cc"], "-shared -fPIC")
    let arguments = words.replacing("GUEST", with: guest)
    let outcome = try Workshop.run("\(program) \(arguments)", preload: true, limit: 300)
    #expect(outcome.status == 0, "\(outcome)")
  }
}
