import Foundation

struct Trouble: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// The library under test, the fixtures beside these tests, and a shell to build and run them.
enum Workshop {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let fixtures = root.appending(path: "Tests/ContainerFixtures").path
  static let runtimes = root.appending(path: ".runtimes").path
  static let folder = FileManager.default.temporaryDirectory
    .appending(path: "coexist-containers-\(getuid())-\(getpid())").path

  static let library: String = {
    if let named = ProcessInfo.processInfo.environment["COEXIST_LIBRARY"] { return named }
    let built = ["debug", "release"].map { "\(root.path)/.build/\($0)/libcoexist.so" }
    return built.filter { FileManager.default.fileExists(atPath: $0) }.max { age($0) < age($1) }
      ?? "\(root.path)/.build/debug/libcoexist.so"
  }()

  private static func age(_ path: String) -> Date {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return attributes?[.modificationDate] as? Date ?? .distantPast
  }

  /// Builds one program or library (`-shared` among the flags); returns its path.
  static func build(_ name: String, _ sources: [String], _ flags: String = "") throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let plus = sources.contains { $0.hasSuffix(".cc") }
    let compiler = plus ? "c++ -std=gnu++17" : "cc -std=gnu11 -D_GNU_SOURCE"
    // Tests run in parallel and share products: each builds its own and puts it in place at once.
    let draft = "\(folder)/\(UUID().uuidString)"
    let outcome = try run(
      """
      cd \(fixtures) && \(compiler) -O1 -g -Wall -Wextra -pthread -I../../Sources/CCoexist/include \
      \(sources.joined(separator: " ")) -o \(draft) \(flags) \
      && mv \(draft) \(folder)/\(name)
      """, limit: 120)
    guard outcome.status == 0 else { throw Trouble("\(name): \(outcome.text)") }
    return "\(folder)/\(name)"
  }

  struct Outcome: CustomStringConvertible {
    var status: Int32  // as a shell has it: 128 + signal when killed
    var text: String
    var description: String { "status \(status)\n\(text.suffix(2000))" }
  }

  /// Runs a shell command. preload: with the library; the shell itself is without.
  static func run(
    _ command: String, preload: Bool = false, environment: [String: String] = [:], limit: Int = 20
  ) throws -> Outcome {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/bin/sh")
    let library = preload ? "LD_PRELOAD=\(Self.library)" : "-u LD_PRELOAD"
    let shell = "exec timeout -k 1 \(limit) env \(library) sh -c \"$0\" 2>&1"
    process.arguments = ["-c", shell, command]
    var variables = ProcessInfo.processInfo.environment
    variables["XDG_RUNTIME_DIR"] = folder
    variables["COEXIST_CONFIG"] = "none"
    process.environment = variables.merging(environment) { $1 }
    process.standardOutput = pipe
    // Threads of libdispatch block all signals, and a child begins with the mask of its parent.
    var none = sigset_t()
    var own = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &own)
    defer { pthread_sigmask(SIG_SETMASK, &own, nil) }
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let killed = process.terminationReason == .uncaughtSignal
    return Outcome(
      status: process.terminationStatus + (killed ? 128 : 0),
      text: String(decoding: data, as: UTF8.self))
  }
}
