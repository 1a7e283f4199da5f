import Foundation

/// Compiles the fixtures, each once a process, into a folder of its own.
actor Workshop {
  static let shared = Workshop()

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  /// The fibers are also hosts of the real runtimes.
  static let fixtures = ["Tests/ThreadLocalFixtures", "Tests/Runtimes/fibers"].map {
    root.appending(path: $0)
  }

  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "coexist-thread-local-\(getpid())")
  private var built: [String: String] = [:]

  /// `COEXIST_LIBRARY`, or the newest library that was built here.
  static func library() throws -> String {
    if let named = ProcessInfo.processInfo.environment["COEXIST_LIBRARY"] { return named }
    let paths = ["debug", "release"].map {
      root.appending(path: ".build/\($0)/libcoexist.so").path
    }
    let newest = paths.filter { FileManager.default.fileExists(atPath: $0) }.max {
      age($0) < age($1)
    }
    guard let newest else { throw Trouble("libcoexist.so is not built, COEXIST_LIBRARY not set") }
    return newest
  }

  /// The coexist-inspect that was built with these tests.
  static var tool: String {
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return own.deletingLastPathComponent().appendingPathComponent("coexist-inspect").path
  }

  private static func age(_ path: String) -> Date {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return attributes?[.modificationDate] as? Date ?? .distantPast
  }

  func program(_ source: String, _ flags: [String] = []) throws -> String {
    try compile(source, flags + ["-pthread"], name: "program")
  }

  func guest(_ source: String, compiler: String = "cc", _ flags: [String] = []) throws -> String {
    try compile(source, ["-fPIC", "-shared"] + flags, name: "guest.so", compiler: compiler)
  }

  /// Together with the Swift API (Sources/Coexist): a package's library cannot be linked from here.
  func swiftProgram(_ source: String) throws -> String {
    if let path = built[source] { return path }
    let path = try place().appending(path: "program").path
    let api = ["Coexist", "Context", "Functions", "Pin"].map {
      Self.root.appending(path: "Sources/Coexist/\($0).swift").path
    }
    let header = "-I\(Self.root.appending(path: "Sources/CCoexistAPI").path)"
    let file = Self.fixtures[0].appending(path: source).path
    let words = ["swiftc", "-O", "-parse-as-library", header, "-o", path, file] + api
    let result = try run(["/usr/bin/env"] + words)
    guard result.code == 0 else { throw Trouble("\(source): \(result.output)") }
    built[source] = path
    return path
  }

  private func place() throws -> URL {
    let place = folder.appending(path: "\(built.count)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    return place
  }

  private func compile(
    _ source: String, _ flags: [String], name: String, compiler: String = "cc"
  ) throws -> String {
    let key = ([compiler, source] + flags).joined(separator: " ")
    if let path = built[key] { return path }
    let path = try place().appending(path: name).path
    let places = Self.fixtures.map { $0.appending(path: source) }
    guard let file = places.first(where: { FileManager.default.fileExists(atPath: $0.path) })
    else { throw Trouble("there is no \(source)") }
    let isPlus = source.hasSuffix(".cc")
    let include = Self.root.appending(path: "Sources/CCoexist/include").path
    let words =
      [isPlus ? "c++" : compiler, "-O2", "-w", "-D_GNU_SOURCE", "-I\(include)"]
      + [file.path, "-o", path] + flags
    let result = try run(["/usr/bin/env"] + words)
    guard result.code == 0 else { throw Trouble("\(key): \(result.output)") }
    built[key] = path
    return path
  }
}

struct Trouble: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

struct Result {
  var code: Int32  // exit code; 128 + n when signal n ended it
  var output: String
}

/// Runs a program to its end; at most a minute.
func run(_ words: [String], preload: String? = nil, _ more: [String: String] = [:]) throws -> Result
{
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/timeout")
  process.arguments = ["-k", "1", "60"] + words
  var environment = ProcessInfo.processInfo.environment.merging(more) { $1 }
  environment["LD_PRELOAD"] = nil
  if let preload {
    process.arguments = ["-k", "1", "60", "/usr/bin/env", "LD_PRELOAD=\(preload)"] + words
  }
  process.environment = environment
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  // Threads of libdispatch block all signals, and a child begins with the mask of its parent.
  var none = sigset_t()
  var own = sigset_t()
  sigemptyset(&none)
  pthread_sigmask(SIG_SETMASK, &none, &own)
  defer { pthread_sigmask(SIG_SETMASK, &own, nil) }
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  let signalled = process.terminationReason == .uncaughtSignal
  return Result(
    code: (signalled ? 128 : 0) + process.terminationStatus,
    output: String(decoding: data, as: UTF8.self))
}
