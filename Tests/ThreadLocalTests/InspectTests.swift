import Foundation
import Testing

/// What coexist-inspect says of contexts while they are used.
@Suite(.serialized) struct InspectTests {
  @Test func contextsOfALivingProcess() async throws {
    try await expectContexts("$TOOL contexts --json $pid; kill -9 $pid")
  }

  /// Whose core also has mappings of files that are shared, as is the state; the program has no
  /// handler, so nobody copies the state at its death.
  @Test(.enabled(if: coresAreFiles, "cores go elsewhere here"))
  func contextsOfACore() async throws {
    try await expectContexts(
      "kill -SEGV $pid; wait $pid; $TOOL contexts --json --core core*",
      before: "rm -f core*; ulimit -c unlimited; echo 0x3f >/proc/self/coredump_filter; ")
  }

  /// A library that maps stacks with guard pages may run on them; a runtime's own are its affair,
  /// so a program with nothing else goes on without a look at each thread-local variable.
  @Test func aRuntimesOwnStacksWakeNobody() async throws {
    let modules = try await modulesBeside(runtime: "")
    #expect(modules.contains("guest.so"), "\(modules)")
    let own = "[[runtime]]\nname = \"own\"\nlibraries = [\"guest.so\"]\n"
    #expect(try await modulesBeside(runtime: own) == [])
  }

  /// Whose thread-local state is looked after once the guest has mapped its stacks.
  private func modulesBeside(runtime: String) async throws -> [String] {
    let guest = try await Workshop.shared.guest("own_stacks.c")
    let program = try await Workshop.shared.program("own_stacks.c", ["-DHOST"])
    let folder = URL(filePath: program).deletingLastPathComponent()
    let file = folder.appending(path: "coexist.toml")
    try "version = 1\n\(runtime)".write(to: file, atomically: true, encoding: .utf8)
    let script = """
      LD_PRELOAD=\(try Workshop.library()) \(program) \(guest) >seen & pid=$!
      for i in $(seq 200); do grep -q ready seen && break; sleep 0.05; done
      $TOOL tls --json $pid; kill -9 $pid
      """
    let state = [
      "XDG_RUNTIME_DIR": folder.path, "COEXIST_CONFIG": file.path, "TOOL": Workshop.tool,
    ]
    let result = try run(["/bin/sh", "-c", "cd \(folder.path); \(script)"], preload: nil, state)
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any],
      "\(result.output)")
    let modules = try #require(report["modules"] as? [[String: Any]])
    return modules.compactMap { $0["library"] as? String }
  }

  static var coresAreFiles: Bool {
    let pattern = try? String(contentsOfFile: "/proc/sys/kernel/core_pattern", encoding: .utf8)
    return pattern?.hasPrefix("core") ?? false
  }

  /// `then`: looks at the process once it is ready, and ends it.
  private func expectContexts(_ then: String, before: String = "") async throws {
    let guest = try await Workshop.shared.guest("guest.c")
    let program = try await Workshop.shared.program("looked.c")
    let folder = URL(filePath: program).deletingLastPathComponent()
    let script = """
      \(before)LD_PRELOAD=\(try Workshop.library()) \(program) \(guest) >seen & pid=$!
      for i in $(seq 200); do grep -q ready seen && break; sleep 0.05; done
      sleep 0.2
      \(then); echo; echo pid $pid; cat seen
      """
    let state = ["XDG_RUNTIME_DIR": folder.path, "COEXIST_CONFIG": "none", "TOOL": Workshop.tool]
    let result = try run(["/bin/sh", "-c", "cd \(folder.path); \(script)"], preload: nil, state)
    let lines = result.output.split(separator: "\n").map(String.init)
    let start = try #require(result.output.firstIndex(of: "{"), "\(result.output)")
    let end = try #require(result.output.lastIndex(of: "}"), "\(result.output)")
    let json = result.output[start...end]
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any], "\(result.output)")
    let contexts = try #require(report["contexts"] as? [[String: Any]])
    func word(_ name: String) -> String {
      lines.first { $0.hasPrefix(name + " ") }.map { String($0.dropFirst(name.count + 1)) } ?? "?"
    }
    func context(_ key: String, _ value: String) throws -> [String: Any] {
      try #require(contexts.first { $0[key] as? String == value }, "\(result.output)")
    }
    #expect(report["living"] as? Int == 3 && contexts.count == 3, "\(result.output)")
    let held = try context("record", word("held"))
    #expect(held["host"] as? String == "explicit" && held["inside"] as? String == "thread")
    #expect(held["tid"] as? Int == Int(word("tid")), "\(result.output)")
    #expect(try context("record", word("left"))["inside"] as? String == "nobody")
    let fiber = try context("host", "stack")
    #expect(fiber["tid"] as? Int == Int(word("pid")), "\(result.output)")
    #expect(fiber["stack_bytes"] as? Int == 65536 && fiber["blocks"] as? Int == 1)
  }
}
