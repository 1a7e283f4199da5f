import Foundation

/// One run of the real tool.
struct ToolRun {
  var output = ""
  var errors = ""
  var status: Int32 = 0
  var died = false

  static var executable: URL {
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return own.deletingLastPathComponent().appendingPathComponent("coexist-inspect")
  }

  /// Variables replace the environment; nothing of the test's own is inherited.
  init(_ arguments: [String], in scratch: Scratch, _ more: [String: String] = [:]) throws {
    let process = Process()
    process.executableURL = ToolRun.executable
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
    process.environment = scratch.variables.merging(more) { $1 }
    process.standardInput = FileHandle.nullDevice
    let out = scratch.path + "/.stdout"
    let err = scratch.path + "/.stderr"
    writeFile([], out)
    writeFile([], err)
    process.standardOutput = FileHandle(forWritingAtPath: out)
    process.standardError = FileHandle(forWritingAtPath: err)
    try process.run()
    process.waitUntilExit()
    output = try String(contentsOfFile: out, encoding: .utf8)
    errors = try String(contentsOfFile: err, encoding: .utf8)
    status = process.terminationStatus
    died = process.terminationReason == .uncaughtSignal
  }
}
