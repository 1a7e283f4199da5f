import CCoexist
import Foundation
import Testing

@testable import InspectKit

/// Stacks over the borders of libraries and generated code, of real processes and a real core.
@Suite(.serialized)
struct TraceTests {
  let scratch = Scratch()

  private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Programs").path

  /// Two libraries, and one whose name makes the process look as if it ran under coexist.
  private func build() throws {
    let empty = scratch.file("empty.c", "int coexist_is_not_really_here;\n")
    func compile(_ words: String...) throws {
      let gcc = Process()
      gcc.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      gcc.arguments = ["gcc", "-O1", "-g", "-fno-optimize-sibling-calls"] + words
      try gcc.run()
      gcc.waitUntilExit()
      #expect(gcc.terminationStatus == 0, "\(words)")
    }
    let folder = scratch.path
    for (name, source) in [
      ("libcoexist.so.1", empty), ("libinner.so", TraceTests.sources + "/inner.c"),
      ("libouter.so", TraceTests.sources + "/outer.c"),
    ] {
      try compile("-shared", "-fPIC", source, "-o", "\(folder)/\(name)", "-Wl,-soname,\(name)")
    }
    try compile(
      TraceTests.sources + "/frames.c", "-o", folder + "/frames", "-L" + folder,
      "-Wl,--no-as-needed,-rpath," + folder, "-l:libcoexist.so.1", "-l:libouter.so",
      "-l:libinner.so")
  }

  /// A running program, what it prints, and its end with the test.
  private final class Running {
    let process = Process()
    var pid = 0
    var code: UInt64 = 0

    init(_ path: String, _ arguments: [String]) throws {
      let pipe = Pipe()
      process.executableURL = URL(fileURLWithPath: path)
      process.arguments = arguments
      process.standardOutput = pipe
      try process.run()
      var line = ""
      while !line.hasSuffix("\n") {
        let bytes = pipe.fileHandleForReading.availableData
        guard !bytes.isEmpty else { break }
        line += String(decoding: bytes, as: UTF8.self)
      }
      let words = line.split(whereSeparator: \.isWhitespace)
      pid = try #require(words.first.flatMap { Int($0) })
      code = try #require(words.last.flatMap { UInt64($0, radix: 16) })
    }

    deinit {
      if pid > 1 { kill(pid_t(pid), SIGKILL) }
      process.terminate()
      process.waitUntilExit()
    }
  }

  /// The state that the library would have published: outer and inner are runtimes 2 and 3, and
  /// the code that was generated is runtime 3's.
  private func subject(_ running: Running, _ life: Subject.Life, path: String = "x") throws
    -> Subject
  {
    let synthetic = SyntheticState(
      pid: running.pid, startTicks: try #require(Proc.startTicks(running.pid)))
    for (number, name) in [(2, "outer"), (3, "inner")] {
      let runtime = coexist_state_runtime(synthetic.raw, UInt64(number))!
      fill(&runtime.pointee.name, name + "\0")
      fill(&runtime.pointee.library, "lib\(name).so\0")
      runtime.pointee.base = 0
    }
    synthetic.raw.pointee.uid = UInt64(geteuid())
    synthetic.raw.pointee.started_ns = 0
    let table = coexist_state_regions(synthetic.raw, 3)!
    table.pointee.count = 1
    withUnsafeMutableBytes(of: &table.pointee.regions) {
      $0.bindMemory(to: coexist_region.self)[0] = coexist_region(
        low: running.code, high: running.code + 4096, runtime: 3, kind: 1)
    }
    synthetic.write(to: scratch.path + "/state")
    let read = try Subject.fromFile(scratch.path + "/state")
    #expect(read.life == .running)
    return Subject(state: read.state, life: life, path: path)
  }

  private func waitUntilAsleep(_ pid: Int) throws {
    for _ in 0..<2000 {
      let line = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
      if line.contains(") S ") { return }
      usleep(1000)
    }
  }

  private func check(_ report: TraceReport, generated: String, kind: RawFrame.Kind) throws {
    let thread = try #require(report.threads.first)
    let own = thread.frames.filter { $0.owner != "system" }
    #expect(
      own.map(\.owner) == ["inner", "inner", "inner", "outer", "app", "app"],
      "\(thread.frames)")
    try #require(own.count == 6)
    #expect(
      own.map(\.title) == ["wait_inside", generated, "inner", "outer", "main", "_start"])
    #expect(own[2].kind == kind)
    #expect(own[2].file?.hasSuffix("inner.c") == true && own[2].line == 3)
    #expect(thread.whole)
    #expect(thread.borders.map { "\($0.caller) \($0.callee)" } == ["outer inner", "app outer"])
  }

  @Test func framesOfARunningProcess() throws {
    try build()
    let running = try Running(scratch.path + "/frames", [])
    try waitUntilAsleep(running.pid)
    let map = "/tmp/perf-\(running.pid).map"
    writeFile(Array("\(String(running.code, radix: 16)) 1000 Acme.step;x()\n".utf8), map)
    defer { unlink(map) }
    let report = try TraceReport(subject(running, .running), only: nil, scratch.surroundings)
    try check(report, generated: "Acme.step;x()", kind: .called)
    #expect(report.threads[0].stoppedNs > 0)
    if Schemas.hasValidator { try Schemas.expectFit([json(report)], in: scratch) }
    let text = report.render(Style(colour: false, width: 100))
    #expect(text.contains("── border: outer calls inner ──"))
    // The process runs on: nobody holds it.
    let status = try String(contentsOfFile: "/proc/\(running.pid)/status", encoding: .utf8)
    #expect(status.contains("TracerPid:\t0"))
    #expect(report.collapsed().hasPrefix("mixed;_start [app];"))
    #expect(report.collapsed().contains("outer [outer];inner [inner];Acme.step,x() [inner];"))
    #expect(report.collapsed().hasSuffix(" 1"))
    let scope =
      try JSONSerialization.jsonObject(with: Data(report.speedscope().utf8)) as? [String: Any]
    let profile = (scope?["profiles"] as? [[String: Any]])?.first
    #expect((profile?["samples"] as? [[Int]])?.first?.count == report.threads[0].frames.count)
    #expect(profile?["endValue"] as? Int == 1)
  }

  @Test func codeWithoutFramePointers() throws {
    try build()
    let running = try Running(scratch.path + "/frames", ["bare"])
    try waitUntilAsleep(running.pid)
    let report = try TraceReport(subject(running, .running), only: nil, scratch.surroundings)
    try check(report, generated: "generated code", kind: .guessed)
    #expect(report.render(Style()).contains("~ found by looking for a return address"))
  }

  @Test func framesOfACore() throws {
    try build()
    let running = try Running(scratch.path + "/frames", [])
    try waitUntilAsleep(running.pid)
    let gcore = Process()
    gcore.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gcore.arguments = ["gcore", "-o", scratch.path + "/core", "\(running.pid)"]
    gcore.standardOutput = FileHandle.nullDevice
    gcore.standardError = FileHandle.nullDevice
    try gcore.run()
    gcore.waitUntilExit()
    let core = scratch.path + "/core.\(running.pid)"
    let report = try TraceReport(
      subject(running, .core, path: core), only: running.pid, scratch.surroundings)
    try check(report, generated: "generated code", kind: .called)
  }

  @Test func refusals() throws {
    try build()
    func code(_ subject: Subject, only: Int? = nil) -> String? {
      do throws(Failure) {
        _ = try TraceReport(subject, only: only, scratch.surroundings)
      } catch { return error.code }
      return nil
    }
    let held = try Running(scratch.path + "/frames", ["traced"])
    #expect(try code(subject(held, .running)) == "T117")
    #expect(try code(subject(held, .running), only: 1) == "T118")
    #expect(try code(subject(held, .ended)) == "T119")
    writeFile([], scratch.path + "/nothing")
    #expect(try code(subject(held, .core, path: scratch.path + "/nothing")) == "T111")
  }

  @Test func callsBeforeReturnAddresses() {
    func ends(_ bytes: UInt8...) -> Bool {
      endsWithCall([UInt8](repeating: 0x90, count: 8 - bytes.count) + bytes)
    }
    #expect(ends(0xE8, 1, 2, 3, 4))  // call rel32
    #expect(ends(0xFF, 0xD0))  // call *%rax
    #expect(ends(0x41, 0xFF, 0xD3))  // call *%r11
    #expect(ends(0xFF, 0x50, 0x18))  // call *24(%rax)
    #expect(ends(0xFF, 0x14, 0xC8))  // call *(%rax,%rcx,8)
    #expect(ends(0xFF, 0x15, 1, 2, 3, 4))  // call *name(%rip)
    #expect(ends(0xFF, 0x94, 0x24, 1, 2, 3, 4))  // call *n(%rsp)
    #expect(!ends(0xFF, 0xE0))  // jmp *%rax
    #expect(!ends(0xFF, 0x50))  // cut
    #expect(!ends(0xC3))
    #expect(!endsWithCall([0xFF, 0xD0]))
  }

  @Test func perfMaps() {
    let map = PerfMap(
      Array("10 10 old\nnonsense\nzz 1 x\n30 0 empty\n0x20 0x8 later\n14 4 newer name\n".utf8))
    #expect(map.entry(holding: 0x0F) == nil)
    #expect(map.entry(holding: 0x10)?.name == "old")
    #expect(map.entry(holding: 0x14)?.name == "newer name")
    #expect(map.entry(holding: 0x18)?.name == "old")
    #expect(map.entry(holding: 0x27)?.name == "later")
    #expect(map.entry(holding: 0x30) == nil)
    #expect(PerfMap([]).isEmpty)
    #expect(PerfMap(Array("ffffffffffffffff ff x\n".utf8)).isEmpty)
  }
}
