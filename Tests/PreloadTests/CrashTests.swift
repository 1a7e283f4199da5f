import Foundation
import Testing

/// A fault that everybody declines kills as it would have without anybody: the same signal,
/// siginfo, registers and core, plus one line of ours.
@Suite struct CrashTests {
  static let deaths = [
    "write", "read", "protected", "noncanonical", "jump", "patterns", "illegal", "breakpoint",
    "divide", "bus", "abort", "raise", "kill", "child",
  ]
  static let answers = [
    "reset reset", "raise raise", "requeue requeue", "previous tgkill", "kill by_signal",
    "pthread_kill requeue", "reset call_old", "return raise",
  ]
  /// A handler that just returns has handled a signal that no instruction repeats.
  static let handledByReturn = ["breakpoint", "abort", "raise", "kill", "child"]

  @Test("same death", arguments: deaths, answers)
  func death(_ how: String, _ answers: String) async throws {
    if answers.hasPrefix("return") && Self.handledByReturn.contains(how) { return }
    var fixture = try Fixture("deaths/parties.c")
    fixture.traced = true
    let bare = try await Case(fixture: fixture, arguments: how).program().run()
    guard case .killed = bare.ending else { throw Trouble("bare: \(bare)") }
    let program = try await Case(fixture: fixture, arguments: "\(how) \(answers)").program()
    let library = try Preload.require()
    for run in 1...3 {
      let crash = try program.run(preload: library)
      try #require(crash.output == bare.output, "run \(run): \(crash)\nbare: \(bare)")
      try #require(crash.ending == bare.ending)
      let lines = crash.errors.split(separator: "\n")
      try #require(lines.count == 1 && crash.errors.hasPrefix("coexist["), "\(crash)")
    }
  }

  static var coresAreFiles: Bool {
    let pattern = try? String(contentsOfFile: "/proc/sys/kernel/core_pattern", encoding: .utf8)
    return pattern?.hasPrefix("core") ?? false
      && FileManager.default.fileExists(atPath: "/usr/bin/gdb")
  }

  @Test(
    "same core", .enabled(if: coresAreFiles), arguments: ["patterns", "write"],
    ["", "reset reset", "raise requeue"])
  func core(_ how: String, _ answers: String) async throws {
    let fixture = try Fixture("deaths/parties.c")
    let built = try await Case(fixture: fixture, arguments: how).program()
    let names = [
      "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8", "r9", "r10", "r11", "r12", "r13",
      "r14", "r15", "_siginfo.si_code", "_siginfo._sifields._sigfault.si_addr",
    ]
    let questions =
      how == "write" ? "-ex 'bt' " : names.map { "-ex 'p/x $\($0)' " }.joined()
    let script = """
      env ${LIBRARY:+LD_PRELOAD=$LIBRARY} "$@" 2>/dev/null
      gdb -batch -nx \(questions) "$1" core* 2>/dev/null | grep '^[$#]'
      """
    func look(_ answers: String, _ library: String) throws -> Outcome {
      var shell = Program(path: "/bin/sh")
      shell.arguments = ["-c", script, "sh", built.path, how] + answers.words
      shell.environment = ["WITH_CORE": "1", "LIBRARY": library]
      return try shell.run()
    }
    let bare = try look("", "")
    #expect(bare.output.contains(how == "write" ? " main " : "0x1111111111111111"), "\(bare)")
    let preloaded = try look(answers, try Preload.require())
    #expect(preloaded.output.withoutStackAddresses == bare.output.withoutStackAddresses)
  }

  @Test("gdb's bt in a handler", arguments: ["interrupted", "onstack"])
  func backtrace(_ stack: String) async throws {
    let fixture = try Fixture("deaths/gdb.c")
    let built = try await Case(fixture: fixture, arguments: stack).program()
    let library = try Preload.require()
    let debugger = Program(
      path: "/usr/bin/gdb",
      arguments: [
        "-batch", "-nx", "-ex", "set environment LD_PRELOAD \(library)",
        "-ex", "handle SIGSEGV nostop noprint pass", "-ex", "break stop_here", "-ex", "run",
        "-ex", "bt", "--args", built.path, stack,
      ], limit: .seconds(30))
    let outcome = try debugger.run()
    var rest = Substring(outcome.output)
    for name in ["stop_here", "<signal handler called>", "poke", "inner", "outer", "main"] {
      let range = try #require(rest.range(of: name), "\(name) is missing: \(outcome)")
      rest = rest[range.upperBound...]
    }
  }
}

extension String {
  /// Addresses of stacks and mapped files differ from run to run.
  var withoutStackAddresses: String {
    replacing(/0x(0000)?[57][0-9a-f]{11}\b/, with: "ADDRESS")
  }
}
