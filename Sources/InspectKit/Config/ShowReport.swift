/// What `config show` answers: every key's value and where it came from.
public struct ShowReport: Encodable, Sendable {
  struct KeyLine: Encodable {
    let key: String
    /// TOML text.
    let value: String
    /// "file", "COEXIST_OPTIONS" or "default".
    let origin: String
    let line: Int?
  }

  let schema = "coexist.config_show/1"
  let pid: Int?
  let takenAt: String
  let file: String?
  let settings: [KeyLine]
  public let errors: Int
  let shownName: String

  enum CodingKeys: CodingKey { case schema, pid, takenAt, file, settings, errors }

  /// The configuration that a program started here would use.
  public init(file path: String?, _ surroundings: Surroundings) throws(Failure) {
    try self.init(path, surroundings.variable("COEXIST_OPTIONS"), nil, surroundings)
  }

  /// The configuration of a process, as its file stands now.
  public init(_ subject: Subject, _ surroundings: Surroundings) throws(Failure) {
    let options = subject.state.settings.options
    try self.init(
      Configuration.path(for: subject.state), options.isEmpty ? nil : options,
      subject.state.pid, surroundings)
  }

  private init(
    _ path: String?, _ options: String?, _ pid: Int?, _ surroundings: Surroundings
  ) throws(Failure) {
    let configuration: Configuration
    if let path {
      let bytes: [UInt8]
      do throws(FileError) {
        bytes = try OpenFile(path).read(at: 0, count: (64 << 10) + 1)
      } catch {
        throw .unreadable(path, error)
      }
      configuration = Configuration.read(bytes, source: path, options: options)
    } else {
      configuration = Configuration.defaults(options: options)
    }
    self.pid = pid
    takenAt = rfc3339(surroundings.now)
    file = path.map { printable($0) }
    shownName = path.map { CheckReport.shown($0, surroundings) } ?? ""
    errors = configuration.mistakes.count(where: \.isError)
    settings = ShowReport.lines(configuration)
  }

  /// Scalar keys with their effective value, then what the file's tables hold.
  private static func lines(_ configuration: Configuration) -> [KeyLine] {
    var last: [String: Setting] = [:]
    for setting in configuration.settings { last[setting.key] = setting }
    let scalar = Set(configuration.effective.map(\.key))
    return configuration.effective.map { line($0.key, $0.value, last[$0.key]) }
      + configuration.settings.filter { !scalar.contains($0.key) }.map {
        line($0.key, $0.value, $0)
      }
  }

  private static func line(_ key: String, _ value: String, _ setting: Setting?) -> KeyLine {
    guard let setting else { return KeyLine(key: key, value: value, origin: "default", line: nil) }
    let inFile = setting.line > 0
    return KeyLine(
      key: key, value: value, origin: inFile ? "file" : "COEXIST_OPTIONS",
      line: inFile ? setting.line : nil)
  }

  /// `origins`: a third column says where each value came from.
  public func render(_ style: Style, origins: Bool) -> String {
    var table = TextTable(
      [.init(title: "KEY"), .init(title: "VALUE", shrinks: true)]
        + (origins ? [.init(title: "ORIGIN")] : []))
    for setting in settings {
      let place = setting.line.map { "\(shownName):\($0)" } ?? setting.origin
      table.add([setting.key, setting.value] + (origins ? [place] : []))
    }
    let from = file == nil ? "built-in defaults" : shownName
    let note = errors > 0 ? "\n\(plural(errors, "error")) in it: coexist-inspect config check" : ""
    return "# \(from)\n" + table.render(style).joined(separator: "\n") + note
  }
}
