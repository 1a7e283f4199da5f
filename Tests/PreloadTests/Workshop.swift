import Foundation

/// Compiles fixtures, each once. Results are kept in the temporary folder under a name made from
/// everything that went in, so that a second run of the tests compiles nothing.
actor Workshop {
  static let shared = Workshop()

  private let store = FileManager.default.temporaryDirectory
    .appending(path: "coexist-fixtures-\(getuid())")
  private var started: [String: Task<String, any Error>] = [:]

  private static let common = [
    "-D_GNU_SOURCE", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-pthread", "-I.",
  ]

  /// The path of the built program.
  func build(_ fixture: Fixture) async throws -> String {
    var flags = fixture.flags
    for library in fixture.libraries {
      let path = try await build(library)
      let folder = URL(filePath: path).deletingLastPathComponent().path
      flags.append("-Wl,-rpath,\(folder)")
      if library.linked { flags += ["-Wl,--no-as-needed", path] }
    }
    return try await compile(fixture.path, flags, into: "program")
  }

  func build(_ library: Fixture.Library) async throws -> String {
    let name = "lib\(library.name).so"
    let shared = ["-fPIC", "-shared", "-Wl,-soname,\(name)", "-DNAME=\(library.name)"]
    return try await compile(library.source, shared + library.flags, into: name)
  }

  /// Static, so that the preloaded library is in the traced program only.
  func tracer() async throws -> String {
    try await compile("support/tracer.c", ["-static"], into: "tracer")
  }

  private func compile(_ source: String, _ flags: [String], into name: String) async throws
    -> String
  {
    let key = try digest(of: source, flags)
    let task =
      started[key]
      ?? Task {
        let folder = store.appending(path: key)
        let product = folder.appending(path: name).path
        if FileManager.default.fileExists(atPath: product) { return product }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let draft = folder.appending(path: "\(name).\(getpid())").path
        try await Self.compiler(source, flags + ["-o", draft])
        guard rename(draft, product) == 0 else { throw Trouble("cannot write \(product)") }
        return product
      }
    started[key] = task
    return try await task.value
  }

  private nonisolated static func compiler(_ source: String, _ flags: [String]) async throws {
    let plus = source.hasSuffix(".cc")
    let language = plus ? ["c++", "-std=gnu++17"] : ["cc", "-std=gnu11"]
    // Libraries follow what uses them.
    let words = language + common + [source] + flags
    let shell = Program(
      path: "/bin/sh",
      arguments: ["-c", "cd \"$0\" && exec \"$@\"", Preload.fixtures.path] + words,
      limit: .seconds(60))
    let outcome = try shell.run()
    guard outcome.ending == .exited(0) else {
      throw Trouble("\(words.joined(separator: " ")): \(outcome)")
    }
  }

  /// FNV-1a of the source, the headers and the flags.
  private func digest(of source: String, _ flags: [String]) throws -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ bytes: some Sequence<UInt8>) {
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
    add((flags + Self.common).joined(separator: "\n").utf8)
    add(try Data(contentsOf: Preload.fixtures.appending(path: source)))
    for header in headers { add(header) }
    let stem = URL(filePath: source).deletingPathExtension().lastPathComponent
    return "\(stem)-\(String(hash, radix: 16))"
  }

  private lazy var headers: [Data] = {
    let manager = FileManager.default
    let files = manager.enumerator(at: Preload.fixtures, includingPropertiesForKeys: nil)
    let urls = files?.compactMap { $0 as? URL }.filter { $0.pathExtension == "h" } ?? []
    return urls.sorted { $0.path < $1.path }.compactMap { try? Data(contentsOf: $0) }
  }()
}
