import ArgumentParser
import Glibc
import InspectKit

/// Parses, runs, and turns whatever goes wrong into a message and an exit status of the table in
/// the manual. `run` does not come back from here when it succeeds.
@main
enum Main {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      if wantsPlaces(arguments) { return print(VersionReport(Surroundings.current()).render()) }
      try checkSubcommand(arguments)
      var command = try Tool.parseAsRoot(arguments)
      try command.run()
    } catch let failure as Failure {
      report(failure, arguments)
    } catch {
      reportUsage(error, arguments)
    }
  }

  /// `--version` alone is ArgumentParser's.
  private static func wantsPlaces(_ arguments: [String]) -> Bool {
    Set(arguments) == ["--version", "--verbose"] || Set(arguments) == ["--version", "-v"]
  }

  /// ArgumentParser would take a mistyped subcommand for arguments of the default one.
  private static func checkSubcommand(_ arguments: [String]) throws {
    guard let first = arguments.first, !first.hasPrefix("-") else { return }
    let known = Tool.subcommandNames
    if known.contains(first) || first == "help" { return }
    let meant = suggestion(for: first, among: known).map { " Did you mean '\($0)'?" } ?? ""
    throw Failure("", "no subcommand '\(printable(first))'.\(meant)", .usage)
  }

  private static func report(_ failure: Failure, _ arguments: [String]) -> Never {
    if wantsJSON(arguments) {
      print(json(ErrorReport(failure)))
    } else {
      let surroundings = Surroundings.current()
      let style = Style(
        colourChoice(arguments), descriptor: STDERR_FILENO, legend: true, wide: false, surroundings)
      writeError(failure.render(style))
    }
    exit(failure.status.rawValue)
  }

  private static func reportUsage(_ error: any Error, _ arguments: [String]) -> Never {
    let code = Tool.exitCode(for: error)
    guard code != .success else { Tool.exit(withError: error) }
    if code == .validationFailure, wantsJSON(arguments) {
      print(json(ErrorReport(Failure("usage", Tool.message(for: error), .usage))))
      exit(code.rawValue)
    }
    Tool.exit(withError: error)
  }

  /// Parsing may have failed, so the arguments are looked at as they are; those after `--` are the
  /// program's.
  private static func wantsJSON(_ arguments: [String]) -> Bool {
    arguments.prefix { $0 != "--" }.contains("--json")
  }

  private static func colourChoice(_ arguments: [String]) -> ColourChoice {
    let own = Array(arguments.prefix { $0 != "--" })
    for (index, argument) in own.enumerated() {
      if argument.hasPrefix("--color=") {
        return ColourChoice(rawValue: String(argument.dropFirst(8))) ?? .auto
      }
      if argument == "--color", index + 1 < own.count {
        return ColourChoice(rawValue: own[index + 1]) ?? .auto
      }
    }
    return .auto
  }
}

/// One line to standard error.
func writeError(_ text: String) {
  let bytes = Array((text + "\n").utf8)
  // What standard error does not take is lost, as everywhere.
  _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
