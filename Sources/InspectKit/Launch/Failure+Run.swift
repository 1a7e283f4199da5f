/// The R errors.
extension Failure {
  static func staticProgram(_ subject: String) -> Failure {
    Failure(
      "R001",
      "\(subject) is statically linked: the loader never runs, so nothing can be preloaded.",
      help: "link it dynamically (Go: CGO_ENABLED=1); coexist-inspect explain R001", .cannotRun)
  }

  static func privileged(_ name: String, _ how: String) -> Failure {
    Failure(
      "R002", "\(printable(name)) is \(how): the loader ignores LD_PRELOAD for it.",
      help: "run a copy without these bits, or as the user that it would become", .cannotRun)
  }

  static func programNotFound(_ name: String, meant: String?, inPath: Bool) -> Failure {
    Failure(
      "R003",
      "'\(printable(name))' was not found\(inPath ? " in PATH" : "")."
        + (meant.map { " Did you mean '\(printable($0))'?" } ?? ""), .notFound)
  }

  static func noInterpreter(_ name: String, _ interpreter: String) -> Failure {
    Failure(
      "R003",
      "the interpreter '\(printable(interpreter))' of '\(printable(name))' was not found.",
      .notFound)
  }

  static func notExecutable(_ name: String, _ reason: String, _ help: String? = nil) -> Failure {
    Failure("R004", "\(printable(name)) cannot be executed: \(reason).", help: help, .cannotRun)
  }

  static func noLibrary(_ tried: [String]) -> Failure {
    Failure(
      "R005",
      "libcoexist.so was not found; tried \(tried.map { printable($0) }.joined(separator: ", ")).",
      help: "install it, or set COEXIST_LIBRARY=/path/to/libcoexist.so", .cannotRun)
  }

  static func execFailed(_ name: String, _ error: FileError) -> Failure {
    Failure(
      "R006", "\(printable(name)) could not be started: \(error.text).",
      help: "coexist-inspect explain R006", .cannotRun)
  }

  static func otherMachine(_ subject: String, _ reason: String) -> Failure {
    Failure(
      "R007", "\(subject) \(reason), so libcoexist.so cannot be loaded into it.", .cannotRun)
  }

  static func badVariable(_ text: String) -> Failure {
    Failure(
      "R008", "'\(printable(text))' is no variable.",
      help: "write -E NAME=VALUE, or -E NAME to remove it",
      .usage)
  }

  static func badLibraryPath(_ path: String) -> Failure {
    Failure(
      "R009", "\(printable(path)) cannot be preloaded: its path holds a space or a colon.",
      help: "LD_PRELOAD is split there; install the library elsewhere", .cannotRun)
  }

  static func noConfiguration(_ path: String, _ error: FileError) -> Failure {
    Failure(
      "R010", "the configuration \(printable(path)) cannot be read: \(error.text).", .configuration)
  }
}
