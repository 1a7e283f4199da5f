import Foundation
import Testing

/// What coexist-inspect says of contexts while they are used.
@Suite struct InspectTests {
  @Test func contextsOfALivingProcess() async throws {
    let guest = try await Workshop.shared.guest("guest.c")
    let program = try await Workshop.shared.program("looked.c")
    let folder = URL(filePath: program).deletingLastPathComponent()
    let script = """
      LD_PRELOAD=\(try Workshop.library()) \(program) \(guest) >seen & pid=$!
      for i in $(seq 200); do grep -q ready seen && break; sleep 0.05; done
      sleep 0.2
      \(Workshop.tool) contexts --json $pid; echo; echo pid $pid; cat seen; kill -9 $pid
      """
    let state = ["XDG_RUNTIME_DIR": folder.path, "COEXIST_CONFIG": "none"]
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
