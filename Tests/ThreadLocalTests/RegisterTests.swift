import Foundation
import Testing

/// Policy "register": calls with the FS base of a parked thread.
@Suite struct RegisterTests {
  /// Initial-exec code, and the other models beside it: from threads, and suspended inside the
  /// guest on fibers that other threads resume.
  @Test(arguments: ["gcc", "clang"], ["initial-exec", "global-dynamic"])
  func bindMatrix(_ compiler: String, _ model: String) async throws {
    let flags = ["-ftls-model=\(model)", "-DPADDING=64"]
    let guest = try await Workshop.shared.guest("guest.c", compiler: compiler, flags)
    let program = try await Workshop.shared.program("lent.c")
    for how in ["threads", "fibers"] {
      #expect(try run([program, guest, how]).code == 1, "bare it must go wrong")
      for number in 1...runs {
        let result = try run([program, guest, how], preload: Workshop.library())
        try #require(result.code == 0, "\(how), run \(number): \(result.output)")
      }
    }
  }

  /// What the kernel and libc know about the thread that runs.
  @Test(arguments: ["signals", "stops", "fork", "exit", "bounds", "ids", "jumps", "cpus"])
  func guarded(_ what: String) async throws {
    let guest = try await Workshop.shared.guest("lent_guest.c", ["-ftls-model=initial-exec"])
    let words = [try await Workshop.shared.program("lent_guards.c"), guest, what]
    #expect(try run(words).code == 1, "bare it must go wrong")
    for number in 1...runs {
      let result = try run(words, preload: Workshop.library())
      try #require(result.code == 0, "run \(number): \(result.output)")
    }
  }

  /// Refused once, with the reason and what serves instead; the guest is as without coexist.
  @Test(arguments: [
    ("-DPRIORITY", "pthread_mutexattr_setprotocol"), ("-DSEQUENCES", "restartable sequences"),
    ("-DPLAIN", nil),
  ])
  func refused(_ kind: String, _ reason: String?) async throws {
    let guest = try await Workshop.shared.guest(
      "lent_refused.c", ["-ftls-model=initial-exec", kind])
    let folder = URL(filePath: guest).deletingLastPathComponent()
    let file = folder.appending(path: "register.toml")
    try "version = 1\n[[tls]]\nlibraries = [\"guest.so\"]\npolicy = \"register\"\n".write(
      to: file, atomically: true, encoding: .utf8)
    let words = [try await Workshop.shared.program("lent_configured.c"), guest]
    let library = try Workshop.library()
    let result = try run(words, preload: library, ["COEXIST_CONFIG": file.path])
    let told = result.output.split(separator: "\n").filter { $0.contains("warning[W305]") }
    guard let reason else {
      return #expect(result.code == 0 && result.output.isEmpty, "\(result.output)")
    }
    #expect(result.code == 1 && told.count == 1, "\(result.output)")
    let isWhole = told.allSatisfy { $0.contains(reason) && $0.contains("policy \"proxy\"") }
    #expect(isWhole, "\(result.output)")
  }

  @Test func aKernelWithoutTheInstructions() async throws {
    let guest = try await Workshop.shared.guest("lent_refused.c", ["-ftls-model=initial-exec"])
    let old = try await Workshop.shared.guest("no_fsgsbase.c")
    let words = [try await Workshop.shared.program("lent_configured.c"), guest, "ask"]
    let result = try run(words, preload: "\(old):\(Workshop.library())")
    let isTold = result.output.contains("W305") && result.output.contains("FS base")
    #expect(result.code == 95 && isTold, "\(result.output)")
    #expect(try run(words, preload: Workshop.library()).code == 0)
  }
}
