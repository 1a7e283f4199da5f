import Testing

/// What must hold over the border of a container: two copies of one C++ library and their host.
/// The rows and what plain dlmopen breaks: Tests/ContainerFixtures/border*.cc.
@Suite struct BorderTests {
  /// What fails with plain dlmopen, each for its own reason: a second libc, or a second unwinder.
  static let brokenBare = [
    "ctype_inside_on_outer_thread", "ctype_outside_on_inner_thread", "threads_mixed_2000",
    "free_inside", "free_outside", "realloc_inside", "one_stdout", "one_output_buffer",
    "one_errno", "one_locale", "one_thread_locale", "one_environment", "keys_apart",
    "key_destructor", "one_rand",
    "one_strtok", "exception_from_inside", "exception_from_outside", "exception_through",
    "thread_local_destructor", "dlopen_global_inside", "dlsym_default_inside", "pthread_atfork",
  ]

  struct Border {
    let program: String, guest: String, plugin: String

    init(guestFlags: String = "") throws {
      program = try Workshop.build(
        "border", ["border.cc", "border_threads.cc", "border_data.cc", "border_code.cc"])
      guest = try Workshop.build(
        "libborder_guest\(guestFlags).so", ["border_guest.cc"], "-shared -fPIC \(guestFlags)")
      plugin = try Workshop.build("libborder_plugin.so", ["border_plugin.c"], "-shared -fPIC")
    }

    func run(_ mode: String, _ row: String) throws -> Workshop.Outcome {
      try Workshop.run(
        "\(program) \(mode) \(row) \(guest)", preload: mode != "dlmopen",
        environment: ["PLUGIN": plugin])
    }

    func rows() throws -> [String] {
      try Workshop.run("\(program) rows").text.split(separator: "\n").map(String.init)
    }
  }

  @Test func plainDlmopenBreaksTheseRows() throws {
    let border = try Border()
    for row in Self.brokenBare {
      let bare = try border.run("dlmopen", row)
      #expect(bare.status != 0, "\(row) should fail bare: \(bare)")
    }
  }

  @Test(
    "every row holds in a container",
    arguments: ["container", "container-share", "scope", "scope-share"])
  func everyRowHolds(_ mode: String) throws {
    let border = try Border()
    let rows = try border.rows()
    #expect(rows.count >= 55 && Set(Self.brokenBare).isSubset(of: Set(rows)))
    for row in rows {
      for run in 1...20 {
        let outcome = try border.run(mode, row)
        try #require(outcome.status == 0, "\(row), run \(run): \(outcome)")
      }
    }
  }

  /// libstdc++ by policy, in a namespace: the program's own, by a proxy that forwards its
  /// thread-local variables, or a private one.
  @Test(
    "libstdc++ shared or private",
    arguments: ["shared 1", "private 1", "shared 0", "private 0"])
  func policy(_ words: String) throws {
    let program = try Workshop.build("policy", ["policy.cc"])
    let guest = try Workshop.build("libpolicy.so", ["policy_guest.cc"], "-shared -fPIC")
    for run in 1...20 {
      let outcome = try Workshop.run("\(program) \(guest) \(words)", preload: true)
      try #require(outcome.status == 0, "run \(run): \(outcome)")
    }
  }

  /// Code that no call leads to the shared variables is refused.
  @Test(
    "what cannot share libstdc++",
    arguments: [
      ("-ftls-model=initial-exec", "libstdc++.so.6: cannot allocate memory in static TLS block"),
      ("-mtls-dialect=gnu2", "has TLS descriptors of another library's variables"),
    ])
  func cannotShare(_ flag: String, _ reason: String) throws {
    let program = try Workshop.build("policy\(flag)", ["policy.cc"])
    let guest = try Workshop.build(
      "libpolicy\(flag).so", ["policy_guest.cc"], "-shared -fPIC \(flag)")
    for words in ["shared 0", "shared 1"] {
      let outcome = try Workshop.run("\(program) \(guest) \(words)", preload: true)
      #expect(outcome.status == 1 && outcome.text.contains(reason), "\(outcome)")
      #expect(outcome.text.contains("isolation = \"scope\""), "\(outcome)")
    }
  }

  /// The same of a library that comes later, from inside.
  @Test("what cannot share libstdc++, opened later", arguments: ["", "copies"])
  func cannotShareLater(_ copies: String) throws {
    let program = try Workshop.build("later\(copies)", ["later.cc"])
    let guest = try Workshop.build("liblater\(copies).so", ["later_guest.c"], "-shared -fPIC")
    for flag in ["", "-mtls-dialect=gnu2"] {
      let library = try Workshop.build(
        "libpolicy-later\(copies)\(flag).so", ["policy_guest.cc"], "-shared -fPIC \(flag)")
      for run in 1...20 {
        let outcome = try Workshop.run("\(program) \(guest) \(library) \(copies)", preload: true)
        try #require(outcome.status == (flag == "" ? 0 : 1), "run \(run): \(outcome)")
        try #require(
          flag == "" || outcome.text.contains("has TLS descriptors of another library's variables"),
          "\(outcome)")
      }
    }
  }

  /// The same variables through TLS descriptors.
  @Test("TLS descriptors", arguments: ["container", "scope"])
  func descriptors(_ mode: String) throws {
    let border = try Border(guestFlags: "-mtls-dialect=gnu2")
    for row in try border.rows() where row.hasPrefix("tls_") || row.hasPrefix("thread_local") {
      for run in 1...20 {
        let outcome = try border.run(mode, row)
        try #require(outcome.status == 0, "\(row), run \(run): \(outcome)")
      }
    }
  }
}
