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

  /// The answer names a value, and with that value it goes on.
  @Test("room for initial-exec variables", arguments: [6000, 700])
  func room(_ size: Int) throws {
    let program = try Workshop.build("room-\(size)", ["room.c"])
    let guest = try Workshop.build(
      "libroom-\(size).so", ["room_guest.c"], "-shared -fPIC -DSIZE=\(size)")
    var tunables: [String: String] = [:]
    var opened = 0, tries = 0
    while opened < 8 {
      let outcome = try Workshop.run(
        "\(program) \(guest) 8", preload: true, environment: tunables)
      let count = try #require(outcome.text.firstMatch(of: #/(\d+) opened/#))
      opened = try #require(Int(count.1))
      tries += 1
      try #require(tries < 100)
      guard opened < 8 else { break }
      let advice = try #require(
        outcome.text.firstMatch(of: #/want \d+ bytes .* GLIBC_TUNABLES=(\S+=\d+)/#),
        "\(outcome)")
      #expect(tunables["GLIBC_TUNABLES"] != String(advice.1))
      tunables["GLIBC_TUNABLES"] = String(advice.1)
    }
    #expect(tries > 1)
  }

  @Test("damaged files", arguments: ["cut 60", "header 600 1", "header 600 2", "header 600 3"])
  func damaged(_ words: String) throws {
    let name = words.split(separator: " ").joined(separator: "-")
    let program = try Workshop.build("broken-\(name)", ["broken.c"])
    let library = "/usr/lib/x86_64-linux-gnu/libz.so.1"
    let outcome = try Workshop.run("\(program) \(library) \(words)", preload: true, limit: 120)
    #expect(outcome.status == 0, "\(outcome)")
  }

  /// Missing dependencies, undefined symbols, libraries that need each other, a child of fork, and
  /// flags: of the interface, and of dlopen.
  @Test(
    "what is asked for",
    arguments: [
      "missing needs", "undefined lacks", "cycle down", "child down", "flags down", "dlopen down",
    ])
  func asks(_ words: String) throws {
    let name = words.replacing(" ", with: "-")
    let folder = "\(Workshop.folder)/\(name)"
    let program = try Workshop.build("asks-\(name)", ["asks.c"])
    let outcome = try Workshop.run("mkdir -p \(folder)")
    try #require(outcome.status == 0)
    func library(_ soname: String, _ flags: String) throws {
      _ = try Workshop.build(
        "\(name)/lib\(soname).so", ["asks_guest.c"],
        "-shared -fPIC -Wl,-soname,lib\(soname).so -Wl,-rpath,\(folder) -L\(folder) \(flags)")
    }
    try library("asks_up", "-DMINE=up -DOTHER=down")
    try library("asks_down", "-DMINE=down -DOTHER=up -l:libasks_up.so")
    try library("asks_up", "-DMINE=up -DOTHER=down -l:libasks_down.so")
    try library("asks_lacks", "-DLACKS")
    try library("asks_absent", "-DMINE=absent -DOTHER=down")
    try library("asks_needs", "-DMINE=down -DOTHER=absent -l:libasks_absent.so")
    _ = try Workshop.run("rm \(folder)/libasks_absent.so")
    let wanted = "\(folder)/libasks_\(words.split(separator: " ")[1]).so"
    let what = words.split(separator: " ")[0]
    for isolation in ["0 0", "1 0", "0 1"] {  // flags, level
      for run in 1...20 {
        let outcome = try Workshop.run("\(program) \(what) \(wanted) \(isolation)", preload: true)
        try #require(outcome.status == 0, "\(isolation), run \(run): \(outcome)")
      }
    }
  }

  @Test("opening and closing from many threads under signals", arguments: ["", "scope"])
  func busy(_ isolation: String) throws {
    let program = try Workshop.build("busy\(isolation)", ["busy.c"])
    let outcome = try Workshop.run("\(program) libz.so.1 5 \(isolation)", preload: true, limit: 60)
    #expect(outcome.status == 0, "\(outcome)")
  }
}
