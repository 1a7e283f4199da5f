import Foundation
import Testing

/// Builds small shared objects and loads them: recognition is tried on what the loader really has.
final class Workshop {
  private let folder: URL
  private var handles: [UnsafeMutableRawPointer] = []
  private var count = 0

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("coexist-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit {
    for handle in handles { dlclose(handle) }
    try? FileManager.default.removeItem(at: folder)
  }

  /// Loads an object with this SONAME and assembly; returns an address inside it.
  func load(soname: String, assembly: String = "") throws -> UInt64 {
    count += 1
    let source = folder.appendingPathComponent("\(count).s")
    let object = folder.appendingPathComponent("\(count).so")
    try (assembly + "\n").write(to: source, atomically: true, encoding: .utf8)
    let flags = ["-shared", "-nostdlib", "-Wl,-soname,\(soname)"]
    try Self.run(["cc"] + flags + ["-o", object.path, source.path])
    let handle = try #require(dlopen(object.path, RTLD_NOW | RTLD_LOCAL), "\(soname)")
    handles.append(handle)
    return Callers.inside(handle)
  }

  static func symbol(_ name: String) -> String {
    ".text\n.globl \(name)\n.type \(name), @function\n\(name): ret\n.size \(name), .-\(name)"
  }

  static func note(_ name: String) -> String {
    """
    .section .note.test, "a", @note
    .long 2f-1f, 4f-3f, 7
    1: .asciz "\(name)"
    2: .balign 4
    3: .long 42
    4: .balign 4
    """
  }

  static func run(_ command: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(command.joined(separator: " "))")
  }
}
