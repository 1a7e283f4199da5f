import Foundation
import Testing

/// The state files of processes that were killed: the newest stay for whoever looks, the others go
/// when later processes begin.
@Suite struct PruneTests {
  @Test func onlyTheNewestStay() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "coexist-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    chmod(folder.path, 0o700)
    defer { try? FileManager.default.removeItem(at: folder) }
    func files() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder.path)
    }
    func run(_ script: String) throws {
      var shell = Program(path: "/bin/sh", arguments: ["-c", script], limit: .seconds(60))
      shell.environment["COEXIST_STATE"] = "\(folder.path)/%p.state"
      shell.environment["LIBRARY"] = try Preload.require()
      let outcome = try shell.run()
      try #require(outcome.ending == .exited(0), "\(outcome)")
    }
    // Of another namespace, and older than all: as a pod's on the same node.
    try run("LD_PRELOAD=$LIBRARY sh -c 'kill -9 $$'; true")
    let foreign = try #require(try files().first)
    let path = folder.appending(path: foreign).path
    let space = UInt64(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0)
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    // The state's last words: pid_space, static_tls_size, static_tls_used, inside_offset.
    try handle.seek(toOffset: space - 32)
    try handle.write(contentsOf: Data(repeating: 0x11, count: 8))
    try handle.close()
    utimes(path, [timeval(tv_sec: 1, tv_usec: 0), timeval(tv_sec: 1, tv_usec: 0)])

    // The number of a process decides whether it looks: each shell is followed by several.
    try run(
      """
      export LD_PRELOAD=$LIBRARY
      for i in $(seq 100); do sh -c 'kill -9 $$' 2>/dev/null; done
      for i in $(seq 64); do /bin/true; done
      """)
    let left = try files()
    #expect(left.contains(foreign))
    #expect(left.count >= 30 && left.count <= 60, "\(left.count)")
  }
}
