import CCoexist

/// One [[signals.rule]] of the configuration that a process uses.
struct Rule: Equatable {
  /// Counts from 1, as in the messages.
  var index: Int
  /// Bit n-1 = signal n.
  var signals: UInt64
  var untilAll: Bool
  var line: Int
  var order: [String]
  var reason: String

  static func load(for state: State) -> [Rule] { Configuration.read(for: state)?.rules ?? [] }
}

extension Configuration {
  /// The state says which file the process read; what it said is in that file. It is read again
  /// here, so a file that changed since the start gives what it says now. nil = there is none.
  static func read(for state: State) -> Configuration? {
    guard let path = path(for: state), let file = try? OpenFile(path) else { return nil }
    return read(file.read(at: 0, count: 1 << 16), source: path)
  }

  /// Absolute; a relative path counts from the process's own directory. nil = built-in defaults.
  static func path(for state: State) -> String? {
    let path = state.settings.path
    guard !path.isEmpty else { return nil }
    if path.hasPrefix("/") { return path }
    guard let folder = Proc.workingDirectory(state.pid) else { return nil }
    return folder + "/" + path
  }
}

extension [Rule] {
  /// The first that names the signal counts.
  func rule(for signal: Int) -> Rule? {
    first { $0.signals >> UInt64(signal - 1) & 1 == 1 }
  }
}
