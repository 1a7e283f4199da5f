import Foundation
import Testing

/// What the library says of containers that go wrong.
@Suite struct MessageTests {
  /// A configuration with one container, for the libraries that match.
  private func configuration(_ libraries: String) throws -> [String: String] {
    let path = "\(Workshop.folder)/\(UUID().uuidString).toml"
    try FileManager.default.createDirectory(
      atPath: Workshop.folder, withIntermediateDirectories: true)
    try """
    version = 1
    [[container]]
    name = "guests"
    libraries = ["\(libraries)"]
    """.write(toFile: path, atomically: true, encoding: .utf8)
    chmod(path, 0o600)
    return ["COEXIST_CONFIG": path]
  }

  @Test func aLibraryThatCannotBeOpened() throws {
    let program = try Workshop.build("opens-bad", ["opens.c"])
    let bad = "\(Workshop.folder)/libbad.so"
    try "no library\n".write(toFile: bad, atomically: true, encoding: .utf8)
    let outcome = try Workshop.run(
      "\(program) \(bad)", preload: true, environment: configuration("libbad.so"))
    #expect(outcome.status == 1, "\(outcome)")
    #expect(outcome.text.contains("error[L040]: container \"guests\": "), "\(outcome)")
  }

  /// OpenSSL is never unloaded (RTLD_NODELETE), and this container has no copies.
  @Test func aLibraryThatIsNeverUnloaded() throws {
    let program = try Workshop.build("opens-crypto", ["opens.c"])
    let outcome = try Workshop.run(
      "\(program) libcrypto.so.3", preload: true, environment: configuration("libcrypto.so.3"))
    #expect(outcome.status == 2, "\(outcome)")
    #expect(outcome.text.contains("warning[L041]: container \"guests\" stays: "), "\(outcome)")
  }

  @Test func librariesThatCannotBeHeldTogether() throws {
    let program = try Workshop.build("held", ["held.c"])
    let guest = try Workshop.build("libheld_guest.so", ["held_guest.c"], "-shared -fPIC")
    let outcome = try Workshop.run("\(program) \(guest)", preload: true)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.text.contains("warning[L042]: no holder: "), "\(outcome)")
  }

  @Test func moreModulesThanAreForwarded() throws {
    let program = try Workshop.build("modules", ["modules.c"], "-Wl,--no-as-needed -lstdc++")
    let library = try Workshop.build("libmodules_guest.so", ["modules_guest.c"], "-shared -fPIC")
    let guest = try Workshop.build("libmodules_cxx.so", ["border_guest.cc"], "-shared -fPIC")
    let outcome = try Workshop.run(
      "ulimit -n 4096; \(program) \(library) \(guest)", preload: true, limit: 60)
    #expect(outcome.text.contains("error[L043]: "), "\(outcome)")
  }
}
