/// What the tool ends with: sysexits(3) numbers, and those of env(1) for `run`.
public enum ToolStatus: Int32, Sendable {
  case ok = 0
  /// Done, and there is a finding.
  case finding = 1
  case usage = 64
  /// An input file is damaged.
  case damaged = 65
  /// The target is not there, not under coexist, or of another version.
  case unavailable = 69
  /// A bug in the tool.
  case bug = 70
  case notPermitted = 77
  case configuration = 78
  /// `run`: the program cannot be run.
  case cannotRun = 126
  /// `run`: the program was not found.
  case notFound = 127
}

/// One error as the user sees it. `message` is a sentence with its full stop; every part that came
/// from outside has gone through `printable`.
public struct Failure: Error, Equatable, Sendable {
  public let code: String
  public let message: String
  public let help: String?
  public let status: ToolStatus

  public init(_ code: String, _ message: String, help: String? = nil, _ status: ToolStatus) {
    self.code = code
    self.message = message
    self.help = help
    self.status = status
  }
}
