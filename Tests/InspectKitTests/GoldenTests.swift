import Foundation
import Testing

@testable import InspectKit

/// Every command's text, from the synthetic state, as a user with 100 columns sees it.
@Suite(.serialized)
struct GoldenTests {
  let scratch = Scratch()
  let style = Style(colour: false, width: 100)
  let subject: Subject

  init() throws {
    setenv("TZ", "UTC", 1)
    let path = scratch.path + "/demo.state"
    SyntheticState().write(to: path)
    let read = try Subject.fromFile(path)
    subject = Subject(state: read.state, life: .ended, path: "/run/user/1000/coexist/demo.state")
  }

  @Test func list() throws {
    var listing = Listing(scratch.surroundings, ended: .all)
    listing.subjects = [
      Subject(state: subject.state, life: .running, path: "/run/user/1000/coexist/1.state"),
      subject,
    ]
    let report = try ListReport(listing, scratch.surroundings)
    try expectGolden(report.render(style), "list")
    var bare = style
    bare.legend = false
    #expect(!report.render(bare).contains("PROGRAM"))
  }

  @Test func status() throws {
    try expectGolden(StatusReport(subject, scratch.surroundings).render(style), "status")
  }

  @Test func statusDegraded() throws {
    var state = subject.state
    state.warnings[0].code = "W203"
    state.settings.path = "/etc/coexist/coexist-config.toml"
    state.settings.keys = 12
    state.settings.problems = 1
    let degraded = Subject(state: state, life: .core, path: "core.1")
    let report = StatusReport(degraded, scratch.surroundings)
    #expect(report.condition == .degraded)
    try expectGolden(report.render(style), "status-degraded")
  }

  @Test func signals() throws {
    let report = SignalsReport(
      subject, only: nil, all: false, symbols: FakeSymbols(), scratch.surroundings)
    try expectGolden(report.render(style), "signals")
  }

  @Test func containers() throws {
    try expectGolden(
      ContainersReport(subject, scratch.surroundings).render(style), "containers")
    var none = subject.state
    none.containers = []
    let report = ContainersReport(
      Subject(state: none, life: .ended, path: "x"), scratch.surroundings)
    #expect(report.render(style) == "mixed (9999999) has no container.")
  }

  @Test func threadLocal() throws {
    try expectGolden(ThreadLocalReport(subject, scratch.surroundings).render(style), "tls")
    let none = Subject(state: State(), life: .running, path: "x")
    let text = ThreadLocalReport(none, scratch.surroundings).render(style)
    #expect(text.hasPrefix("no context was made"))
  }

  @Test func threads() throws {
    try expectGolden(ThreadsReport(subject, scratch.surroundings).render(style), "threads")
    let kernel = [
      9_999_999: KernelThread(name: "mixed", state: .running),
      10_000_000: KernelThread(name: "GC Thread#0", state: .waiting, blocked: 1 << 26),
      10_000_001: KernelThread(name: "worker", state: .sleeping, blocked: ~(1 << 10)),
    ]
    try expectGolden(
      ThreadsReport(subject.state, kernel, scratch.surroundings).render(style), "threads-live")
    let none = Subject(state: State(), life: .running, path: "x")
    #expect(ThreadsReport(none, scratch.surroundings).render(style) == "no thread has a line")
  }

  @Test func contexts() throws {
    let inside: [UInt64: UInt64] = [0x7f2d_0000_0288: 0x7f2b_0100_0010]
    let residents = Residents(
      subject.state, stackPointers: [(tid: 9_999_999, sp: 0x7f2e_0000_8000)]
    ) { inside[$0] }
    func text(_ only: UInt64?) -> String {
      ContextsReport(subject, only: only, residents, scratch.surroundings).render(style)
    }
    try expectGolden(text(nil), "contexts")
    try expectGolden(text(4_318), "contexts-task")
    try expectGolden(text(4_321), "contexts-stack")
    #expect(throws: Failure.noContext(7, 9_999_999)) {
      try ContextsReport(subject, only: 7, scratch.surroundings)
    }
    let none = Subject(state: State(), life: .ended, path: "x")
    let empty = ContextsReport(none, scratch.surroundings).render(style)
    #expect(empty.contains("has made no context"))
  }

  @Test func collectors() throws {
    try expectGolden(CollectorsReport(subject, scratch.surroundings).render(style), "collectors")
    let none = Subject(state: State(), life: .running, path: "x")
    let text = CollectorsReport(none, scratch.surroundings).render(style)
    #expect(text.hasSuffix("has no collector that is shown what others hold."))
  }

  @Test func stacks() throws {
    try expectGolden(StacksReport(subject, scratch.surroundings).render(style), "stacks")
    // The second is on another stack than its own.
    let pointers: [Int: UInt64] = [9_999_999: 0x7f2b_007f_0000, 10_000_000: 0x7f2a_0000_0000]
    try expectGolden(
      StacksReport(subject.state, pointers, scratch.surroundings).render(style), "stacks-live")
  }

  @Test func metrics() throws {
    let text = MetricsReport([subject]).render()
    try expectGolden(text, "metrics")
    var odd = subject.state
    odd.program = "/x/a\"b\\c"
    let quoted = MetricsReport([Subject(state: odd, life: .running, path: "x")]).render()
    #expect(quoted.contains(#"program="a\"b\\c""#))
    #expect(MetricsReport([]).render() == "# EOF")
  }

  @Test func top() throws {
    var before = subject.state
    before.signals[10].delivered -= 500
    let screen = TopScreen(
      subject, before: Subject(state: before, life: .running, path: "x"), elapsed: 2_000_000_000,
      scratch.surroundings)
    try expectGolden(screen.render(style, order: .rate), "top")
    let cut = screen.render(style, order: .signal, rows: 12, footer: "q end").split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(cut.count == 12 && cut.last == "q end")
    #expect(TopScreen.Order.signal.next == .rate)
  }

  @Test func oneSignal() throws {
    let report = SignalsReport(
      subject, only: 11, all: false, symbols: FakeSymbols(), scratch.surroundings)
    try expectGolden(report.render(style), "signals-SIGSEGV")
  }

  @Test func explainSignal() throws {
    let report = SignalExplanation(
      subject, signal: 11, last: 5, symbols: FakeSymbols(), scratch.surroundings)
    try expectGolden(report.render(style), "explain-SIGSEGV")
    let single = SignalExplanation(
      subject, signal: 10, last: 5, symbols: FakeSymbols(), scratch.surroundings)
    try expectGolden(single.render(style), "explain-SIGUSR1")
    let native = SignalExplanation(
      subject, signal: 2, last: 5, symbols: FakeSymbols(), scratch.surroundings)
    try expectGolden(native.render(style), "explain-SIGINT")
  }

  @Test func explainSignalWithRule() throws {
    var state = subject.state
    state.settings.path = scratch.file(
      "coexist-config.toml",
      """
      version = 1
      [[signals.rule]]
      signals = ["SIGSEGV"]
      order = ["go", "jvm"]
      until = "all"
      reason = "the worker first"

      """)
    state.settings.rules = 1
    let ruled = Subject(state: state, life: .ended, path: "x")
    let report = SignalExplanation(
      ruled, signal: 11, last: 0, symbols: FakeSymbols(), scratch.surroundings)
    let text = report.render(style).replacingOccurrences(of: scratch.path, with: "/home/you")
    try expectGolden(text, "explain-rule")
  }

  @Test func explainAddress() throws {
    let module = try AddressExplanation(
      subject, address: 0x7f2a_2000_1000, symbols: FakeSymbols(), scratch.surroundings)
    try expectGolden(module.render(style), "explain-address-module")
    let region = try AddressExplanation(
      subject, address: 0x7f29_0000_0010, symbols: FakeSymbols(), scratch.surroundings)
    try expectGolden(region.render(style), "explain-address-region")
  }

  @Test func explainAddressOnAStack() throws {
    func explained(_ address: UInt64) throws -> String {
      try AddressExplanation(
        subject, address: address, symbols: NoSymbols(), scratch.surroundings
      ).render(style)
    }
    try expectGolden(try explained(0x7f2b_0100_0000), "explain-address-stack")
    #expect(throws: Failure.noMapping(0x7f2b_0110_0000)) { try explained(0x7f2b_0110_0000) }
    #expect(try explained(0x7f2e_0000_0010).contains("the stack of context 4321"))
    let thread = try #require(subject.state.threadLines.first { $0.alternateSize > 0 })
    let name = "the alternate stack of thread \(thread.tid)"
    #expect(try explained(thread.alternate).contains(name))
    #expect(throws: Failure.self) { try explained(thread.alternate - 1) }
  }

  @Test func explainCode() throws {
    let page = try MessageCode.find("w201")
    let report = CodeExplanation(page, in: subject, scratch.surroundings)
    try expectGolden(report.render(style), "explain-W201")
  }

  @Test func doctorRows() throws {
    let report = DoctorReport(
      group: "Program ./app",
      [
        Finding("D010", .good, "dynamically linked, not setuid"),
        Finding(
          "D013", .remark, "LD_PRELOAD already holds libjemalloc.so.2",
          note: "kept, coexist goes first"),
        Finding("D012", .problem, "libworker.so was built without cgo", remedy: "Rebuild it."),
      ])
    try expectGolden(report.render(style), "doctor")
  }

  @Test func environment() throws {
    let library = scratch.file("libcoexist.so", "")
    var surroundings = scratch.surroundings
    surroundings.variables["COEXIST_LIBRARY"] = library
    surroundings.variables["LD_PRELOAD"] = "/opt/it's/libjemalloc.so.2 /old/libcoexist.so.1"
    let report = EnvironmentReport(try Preload(configuration: "", surroundings))
    let text = EnvironmentReport.Format.allCases.map { "# \($0)\n" + report.render($0) }
      .joined(separator: "\n").replacingOccurrences(of: scratch.path, with: "/opt/coexist")
    try expectGolden(text, "env")
  }
}

private struct NoSymbols: Symbolizer {
  func locate(_ address: UInt64) -> Location? { nil }
}
