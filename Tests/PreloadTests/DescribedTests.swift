import Foundation
import Testing

@testable import InspectKit

/// A runtime that the catalogue does not know, described in the configuration by what it says of a
/// known one, or by a draft: it gets along as the known one does.
@Suite struct DescribedTests {
  struct Guest: Sendable, CustomStringConvertible {
    var fixture: String
    var flags: [String] = []
    var description: String { fixture }
  }

  /// Lean's stand-in as libstrange.so; the symbol that would tell is named otherwise where a
  /// fixture does not look it up.
  static let guests = [
    Guest(
      fixture: "together/lost_threads.c",
      flags: ["-Dlean_initialize_runtime_module=strange_initialize"]),
    Guest(fixture: "together/stays_loaded.c"),
  ]

  @Test("by the facts of a built-in one", arguments: guests)
  func copied(_ guest: Guest) async throws {
    var fixture = try Fixture(guest.fixture)
    fixture.flags += guest.flags + ["-DGUEST=\"libstrange.so\""]
    fixture.libraries[0].name = "strange"
    fixture.libraries[0].flags += guest.flags
    var program = try await Case(fixture: fixture).program()
    let library = try Preload.require()
    let unknown = try program.run(preload: library)
    #expect(unknown.ending != .exited(0), "nobody has described it: \(unknown)")
    let scratch = try Scratch()
    program.environment["COEXIST_CONFIG"] = try Self.write(Self.lean(), scratch)
    for run in 1...fixture.times {
      let described = try program.run(preload: library)
      try #require(described.ending == .exited(0), "run \(run): \(described)")
      try #require(described.errors == "", "run \(run): \(described)")
    }
  }

  private static func lean() throws -> String {
    let none = Surroundings(variables: [:], directory: "/", user: 0, now: 0)
    var facts = try RuntimeReport("lean", in: RuntimeListReport(nil, none)).runtime
    facts.name = "strange"
    facts.libraries = ["libstrange.so"]
    facts.symbols = []
    return facts.toml()
  }

  private static func write(_ text: String, _ scratch: Scratch) throws -> String {
    let file = scratch.file("coexist-config.toml")
    try text.write(to: file, atomically: true, encoding: .utf8)
    chmod(file.path, 0o644)
    return file.path
  }

  static let python = Preload.tests.deletingLastPathComponent()
    .appending(path: ".runtimes/venv/bin/python").path

  /// Wasmtime by a draft from its file, and the answer to the question that the draft asks: when
  /// does it claim? It maps its code past libc, so its traps are its own only by its own tables.
  @Test("by a draft", .enabled(if: FileManager.default.fileExists(atPath: python)))
  func drafted() throws {
    let source = """
      import faulthandler, os, sys, wasmtime
      text = '(module (memory 1) (func (export "f") (drop (i32.load (i32.const 9999999)))))'
      engine = wasmtime.Engine()
      store = wasmtime.Store(engine)
      f = wasmtime.Instance(store, wasmtime.Module(engine, text), []).exports(store)["f"]
      faulthandler.enable()
      for _ in range(50):
          try:
              f(store)
          except wasmtime.Trap as trap:
              assert trap.trap_code == wasmtime.TrapCode.MEMORY_OUT_OF_BOUNDS
          else:
              sys.exit("no trap")
      state = os.environ["COEXIST_STATE"]
      print(open(state, "rb").read().count(b"drafted") if os.path.exists(state) else "bare")
      """
    let scratch = try Scratch()
    var program = Program(path: Self.python, arguments: ["-c", source], limit: .seconds(60))
    let found = Program(
      path: Self.python, arguments: ["-c", "import wasmtime._ffi as f; print(f.filename)"],
      limit: .seconds(60))
    let path = try found.run().output.trimmingCharacters(in: .whitespacesAndNewlines)
    let draft = try RuntimeDraft(path, observed: nil, name: "drafted", fresh: true)
    var facts = draft.report.runtime
    #expect(facts.claims == "unknown")
    facts.claims = "precisely"
    program.environment = [
      "COEXIST_CONFIG": try Self.write(facts.toml(), scratch),
      "COEXIST_STATE": scratch.file("state").path,
    ]
    let bare = try program.run()
    #expect(bare.ending != .exited(0), "bare: \(bare)")
    let library = try Preload.require()
    for run in 1...5 {
      let drafted = try program.run(preload: library)
      try #require(drafted.ending == .exited(0), "run \(run): \(drafted)")
      let count = Int(drafted.output.trimmingCharacters(in: .whitespacesAndNewlines))
      try #require(count ?? 0 > 0, "run \(run): \(drafted)")
    }
  }

  /// Run first, described by what was seen, then run again: it is asked before those that could
  /// report, and the tool knows it.
  @Test("by a draft from an observed process")
  func observed() async throws {
    let fixture = try Fixture("together/observed.c")
    var program = try await Case(fixture: fixture).program()
    program.arguments = ["killed"]
    let scratch = try Scratch()
    let path = scratch.file("state").path
    program.environment["COEXIST_STATE"] = path
    let library = try Preload.require()
    func state() throws -> State {
      let outcome = try program.run(preload: library)
      try #require(outcome.ending == .killed(SIGKILL, core: false), "\(outcome)")
      return try StateFile.read(path)
    }
    let guest = try await Workshop.shared.build(fixture.libraries[0])
    let draft = try RuntimeDraft(guest, observed: state(), name: nil, fresh: false)
    let facts = draft.report.runtime
    #expect(facts.name == "oddity" && facts.libraries == ["liboddity.so"])
    #expect(facts.signals.contains("SIGSEGV") && facts.stack == "alternate")
    #expect(draft.report.text(.toml).contains("Seen: handlers for SIGSEGV."))
    #expect(facts.claims == "precisely" && facts.passes == "on")

    let file = try Self.write(draft.report.text(.toml), scratch)
    program.environment["COEXIST_CONFIG"] = file
    let described = try state()
    #expect(described.settings.problems == 0 && described.settings.path == file)
    let runtime = try #require(described.runtimes.first { $0.name == "oddity" })
    #expect(runtime.traits?.isConfigured == true && runtime.traits?.claims == .precisely)
    let surroundings = Surroundings(variables: [:], directory: "/", user: getuid(), now: 0)
    let subject = Subject(state: described, life: .ended, path: path)
    #expect(StatusReport(subject, surroundings).runtimes.contains { $0.title == "oddity" })
    let chain = Chain(try #require(described.signal(Int(SIGSEGV))), of: described, rules: [])
    #expect(chain.entries.map(\.name) == ["oddity", "libbeta.so"])
    #expect(chain.entries[0].reason.hasPrefix("decides by its own tables"))
  }
}
