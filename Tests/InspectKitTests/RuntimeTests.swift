import Foundation
import Testing

@preconcurrency import CCoexist
@testable import InspectKit

/// `coexist-inspect runtime`: what is known, in the configuration's words and back, and drafts.
@Suite struct RuntimeTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let builtIn = (0..<coexist_built_in_count).map {
    RuntimeFacts(coexist_built_in_at($0)!.pointee)
  }

  private func compile(_ arguments: String...) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Each entry, written under another name and read again, says the same.
  @Test func theConfigurationSaysAllThatTheCatalogueSays() throws {
    for known in Self.builtIn {
      var copy = known
      copy.name = "copied"
      let read = Configuration.read(Array(copy.toml().utf8), source: "copied.toml")
      #expect(read.mistakes == [], "\(known.name)")
      #expect(read.runtimes == [copy], "\(known.name)")
    }
  }

  /// Under its own name it gets libraries, and what is not given stays.
  @Test func aBuiltInOneIsAddedTo() throws {
    let text = "version = 1\n[[runtime]]\nname = \"mono\"\nlibraries = [\"libmine.so\"]\n"
    let read = Configuration.read(Array((text + "claims = \"never\"\n").utf8), source: "x")
    var expected = try #require(Self.builtIn.first { $0.name == "mono" })
    expected.libraries.append("libmine.so")
    expected.claims = "never"
    #expect(read.runtimes == [expected])
  }

  @Test func dataFilesCompile() throws {
    let scratch = Scratch()
    let files = Self.builtIn.map { $0.header() }.joined()
    #expect(files.split(separator: "\n").allSatisfy { $0.count <= 100 })
    let source = scratch.file(
      "all.c",
      "#include <ccoexist/catalogue.h>\n#include <signal.h>\n"
        + "#define COEXIST_RUNTIME(id, ...) const struct coexist_catalogue_entry id##_ = "
        + "{__VA_ARGS__};\n" + files)
    let include = "-I" + Self.root.appending(path: "Sources/CCoexist/include").path
    #expect(
      try compile(
        "clang", "-std=gnu11", "-D_GNU_SOURCE", "-fsyntax-only", "-Wall", "-Werror",
        include, source) == 0)
  }

  private func guest(_ scratch: Scratch) throws -> String {
    let source = scratch.file(
      "guest.c",
      """
      #include <signal.h>
      static __thread long depth;
      static void handler(int number) { depth += number; }
      void guest_thread_attach(void) {}
      int guest_start(struct sigaction *old) {
        struct sigaction action = {.sa_handler = handler};
        return sigaction(SIGSEGV, &action, old) + sigaction(SIGUSR2, &action, 0);
      }
      """)
    let path = scratch.path + "/libguest-2.1.so.3"
    try #require(
      compile(
        "cc", "-shared", "-fPIC", "-O1", "-ftls-model=initial-exec",
        "-Wl,-soname,libguest-2.1.so.3", "-o", path, source) == 0)
    return path
  }

  @Test func aFileIsDrafted() throws {
    let scratch = Scratch()
    let path = try guest(scratch)
    let report = try RuntimeDraft(path, observed: nil, name: nil, fresh: false).report
    #expect(report.runtime.name == "guest")
    #expect(report.runtime.libraries == ["libguest-2.1.so*"])
    #expect(report.runtime.signals == ["SIGSEGV", "SIGUSR2"])
    let text = report.text(.toml)
    #expect(text.contains("coexist-inspect tls manifest"))
    #expect(text.contains("guest_thread_attach"))
    let read = Configuration.read(Array(text.utf8), source: "draft.toml")
    #expect(read.mistakes == [] && read.runtimes == [report.runtime])
    #expect(report.text(.header).contains("COEXIST_RUNTIME(guest,"))
  }

  /// It was asked about two faults: one of its own, which it handled, and one that it handed on.
  @Test func aRunIsDrafted() throws {
    let scratch = Scratch()
    var state = State()
    state.pid = 77
    state.runtimes = [Runtime(number: 2, name: "libguest", library: "libguest-2.1.so.3")]
    var fault = Signal(number: 11)
    fault.links = [Link(runtime: 2, handler: 0x1000, flags: 0x0800_0000)]
    var sent = Signal(number: 35)
    sent.links = [Link(runtime: 2, handler: 0x1000)]
    state.signals = [fault, sent]
    var own = Event(signal: 11, pcOwner: 2, outcome: .claimed, claimedBy: 2)
    own.tried = [.init(runtime: 2, how: .claimed)]
    var other = Event(signal: 11, pcOwner: 1, outcome: .default)
    other.tried = [.init(runtime: 2, how: .reset)]
    state.events = [own, other, Event(address: 77, code: -6, signal: 35, outcome: .claimed)]
    let facts = try RuntimeDraft(
      guest(scratch), observed: state, name: "mine", fresh: false
    ).report.runtime
    #expect(facts.name == "mine" && facts.claims == "precisely" && facts.passes == "on")
    #expect(facts.signals == ["SIGSEGV", "SIGUSR2", "SIGRTMIN+1"])
    #expect(facts.privateSignals == ["SIGRTMIN+1"] && facts.stack == "mixed")
    state.events = [other]
    state.events[0].tried[0].how = .reported
    let reporter = try RuntimeDraft(guest(scratch), observed: state, name: nil, fresh: false)
    #expect(reporter.report.runtime.claims == "never")
    #expect(reporter.report.runtime.passes == "reported")
  }

  static let real = [
    "/usr/lib/libmonosgen-2.0.so.1", "/usr/lib/x86_64-linux-gnu/libguile-3.0.so.1",
    "/usr/lib/x86_64-linux-gnu/libgc.so.1",
    root.appending(
      path: ".runtimes/venv/lib/python3.11/site-packages/wasmtime/linux-x86_64/_libwasmtime.so"
    ).path,
  ].filter { FileManager.default.fileExists(atPath: $0) }

  /// As known ones, and as if nobody knew them.
  @Test(arguments: real)
  func realLibraries(_ path: String) throws {
    for fresh in [false, true] {
      let report = try RuntimeDraft(path, observed: nil, name: nil, fresh: fresh).report
      let read = Configuration.read(Array(report.text(.toml).utf8), source: "draft.toml")
      #expect(read.mistakes == [])
      #expect(read.runtimes.map(\.name) == [report.runtime.name])
      #expect(fresh || report.runtime.source.contains("/"), "the catalogue's source")
    }
  }

  @Test func listsAndShows() throws {
    let scratch = Scratch()
    let text = "version = 1\n[[runtime]]\nname = \"lua\"\nlibraries = [\"liblua.so\"]\n"
    let file = scratch.file("coexist-config.toml", text)
    let list = try RuntimeListReport(file, scratch.surroundings)
    #expect(list.runtimes.count == Self.builtIn.count + 1)
    #expect(list.render(Style()).contains("coexist-config.toml"))
    #expect(try RuntimeReport("lua", in: list).runtime.libraries == ["liblua.so"])
    #expect(try RuntimeReport("lean", in: list).text(.toml).contains("lean_g_tls:8"))
    let unknown = try #require(throws: Failure.self) { try RuntimeReport("leen", in: list) }
    #expect(unknown.code == "T130" && unknown.message.contains("Did you mean 'lean'?"))
    let none = try #require(throws: Failure.self) {
      try RuntimeDraft(file, observed: nil, name: nil, fresh: false)
    }
    #expect(none.code == "T131" && none.status == .unavailable)
  }

  /// A state says by itself what the catalogue of the library in the process knew.
  @Test func theConfigurationsOwnAreExplained() throws {
    let scratch = Scratch()
    let text = """
      version = 1
      [[runtime]]
      name = "lua"
      title = "Lua 5.4"
      claims = "precisely"
      libraries = ["liblua.so*", "libluaextra.so"]
      """
    let file = scratch.file("coexist-config.toml", text)
    let synthetic = SyntheticState()
    let slot = coexist_state_runtime(synthetic.raw, 3)!
    fill(&slot.pointee.name, "lua#2")
    fill(&slot.pointee.library, "liblua.so.5")
    slot.pointee.traits = 0x103  // known, configured, precisely
    fill(&synthetic.raw.pointee.settings.path, file)
    synthetic.write(to: scratch.path + "/s")
    let subject = try Subject.fromFile(scratch.path + "/s")
    #expect(subject.state.runtimes[3].traits?.claims == .precisely)
    let status = StatusReport(subject, scratch.surroundings)
    #expect(status.runtimes.map(\.title) == ["HotSpot JVM", "Lua 5.4", "CPython"])
    let chain = Chain(try #require(subject.state.signal(11)), of: subject.state, rules: [])
    let entry = try #require(chain.entries.first { $0.name == "lua#2" })
    #expect(entry.reason.hasPrefix("decides by its own tables"))
    let place = Location(
      module: "libluaextra.so", path: "/x/libluaextra.so", base: 0x7f00_0000_0000, symbol: nil,
      offset: 0)
    let owner = try #require(Owners(subject.state).owner(of: 0x7f00_0000_1000, at: place))
    #expect(owner.runtime == 3 && owner.because.hasSuffix("by the configuration"))

    let image = try #require(ElfImage("/bin/sh"))
    let known = Configuration.read(Array(text.utf8), source: file).known
    let found = KnownRuntime.recognise(image, as: "liblua.so.5", among: KnownRuntime.all(known))
    #expect(found?.entry.name == "lua" && found?.evidence == "liblua.so.5")
    let patient = Patient("/bin/sh", scratch.surroundings)
    #expect(patient.configuration?.known == known)
  }

  @Test func golden() throws {
    let scratch = Scratch()
    let text = """
      version = 1
      [[runtime]]
      name = "lua"
      title = "Lua 5.4"
      claims = "own-code"
      passes = "reported"
      signals = ["SIGSEGV", "SIGFPE"]
      flags = ["bottom-aborts"]
      libraries = ["liblua.so*"]
      variables = ["lua_task", "lua_current:8"]
      source = "lua ldo.c"
      """
    let file = scratch.file("coexist-config.toml", text)
    let list = try RuntimeListReport(file, scratch.surroundings)
    try expectGolden(RuntimeReport("lua", in: list).text(.toml), "runtime-show")
    try expectGolden(RuntimeReport("lua", in: list).text(.header), "runtime-show-header")
    let draft = try RuntimeDraft(guest(scratch), observed: nil, name: nil, fresh: false)
    try expectGolden(draft.report.text(.toml), "runtime-draft")
  }

  @Test(.enabled(if: Schemas.hasValidator, "python3 has no jsonschema"))
  func schemas() throws {
    let scratch = Scratch()
    let list = try RuntimeListReport(nil, scratch.surroundings)
    let draft = try RuntimeDraft(guest(scratch), observed: nil, name: nil, fresh: false)
    let reports = [json(list), json(try RuntimeReport("mono", in: list)), json(draft.report)]
    try Schemas.expectFit(reports, in: scratch)
  }

  @Test func theTool() throws {
    let scratch = Scratch()
    let shown = try ToolRun(["runtime", "show", "lean"], in: scratch)
    #expect(shown.status == 0 && shown.output.hasPrefix("version = 1\n"))
    #expect(try ToolRun(["runtime", "list"], in: scratch).output.contains("wasmtime"))
    let wrong = try ToolRun(["runtime", "show", "leen", "--json"], in: scratch)
    #expect(wrong.status == 64 && wrong.output.contains("T130"))
    #expect(try ToolRun(["runtime", "draft", "/nowhere"], in: scratch).status == 69)
    #expect(try ToolRun(["runtime", "draft", "x", "--name", "a b"], in: scratch).status == 64)
    let draft = try ToolRun(["runtime", "draft", guest(scratch)], in: scratch)
    _ = scratch.file("draft.toml", draft.output)
    let checked = try ToolRun(["config", "check", "draft.toml"], in: scratch)
    #expect(checked.status == 0 && checked.output.contains("no mistakes"))
  }
}
