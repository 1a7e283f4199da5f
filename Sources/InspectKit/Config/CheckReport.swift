import Glibc

/// What `config check` answers.
public struct CheckReport: Encodable, Sendable {
  struct MistakeLine: Encodable {
    let code: String
    let severity: String
    let line: Int
    let column: Int
    let length: Int
    let message: String
    let label: String?
    let help: String?
  }

  let schema = "coexist.config_check/1"
  /// nil = there is no file, the defaults are used.
  let file: String?
  let keys: Int
  public let errors: Int
  let warnings: Int
  let diagnostics: [MistakeLine]
  public var isClean: Bool { diagnostics.isEmpty }
  let lines: [Substring]
  let shownName: String

  enum CodingKeys: CodingKey { case schema, file, keys, errors, warnings, diagnostics }

  /// Reads the file; nil checks only COEXIST_OPTIONS. Throws (78) if it cannot be read.
  public init(_ path: String?, _ surroundings: Surroundings) throws(Failure) {
    let options = surroundings.variable("COEXIST_OPTIONS")
    let configuration: Configuration
    if let path {
      let bytes = try CheckReport.load(path)
      shownName = CheckReport.shown(path, surroundings)
      configuration = Configuration.read(bytes, source: shownName, options: options)
      lines = String(decoding: bytes, as: UTF8.self)
        .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    } else {
      shownName = "COEXIST_OPTIONS"
      configuration = Configuration.defaults(options: options)
      lines = []
    }
    file = path.map { printable($0) }
    keys = configuration.keys
    errors = configuration.mistakes.count(where: \.isError)
    warnings = configuration.mistakes.count - errors
    diagnostics = configuration.mistakes.map { mistake in
      MistakeLine(
        code: mistake.code, severity: mistake.isError ? "error" : "warning", line: mistake.line,
        column: mistake.column, length: mistake.length, message: mistake.message,
        label: mistake.label.isEmpty ? nil : mistake.label,
        help: mistake.help.isEmpty ? nil : mistake.help)
    }
  }

  /// One byte more than the format allows is read, so that the reader can say so.
  private static func load(_ path: String) throws(Failure) -> [UInt8] {
    do throws(FileError) {
      return try OpenFile(path).read(at: 0, count: (64 << 10) + 1)
    } catch {
      throw .unreadable(path, error)
    }
  }

  /// Relative to the working directory when it is there: as short as the user would write it.
  static func shown(_ path: String, _ surroundings: Surroundings) -> String {
    let folder = surroundings.directory + "/"
    return printable(path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path)
  }
}

extension Failure {
  /// The reader's own C001, for a file that it is not even given.
  static func unreadable(_ path: String, _ error: FileError) -> Failure {
    let reason = error.number == EINVAL ? "it is no ordinary file" : error.text
    return Failure(
      "C001", "\(printable(path)) cannot be read: \(reason).",
      help: "coexist-inspect config path", .configuration)
  }
}
