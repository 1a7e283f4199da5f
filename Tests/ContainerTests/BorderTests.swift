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

  @Test("every row holds in a container", arguments: ["container", "scope", "scope-share"])
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
