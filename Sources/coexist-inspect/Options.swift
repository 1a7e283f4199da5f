import ArgumentParser
import Glibc
import InspectKit

extension ColourChoice: ExpressibleByArgument {}

/// What every command understands.
struct CommonOptions: ParsableArguments {
  @Flag(help: "Stable, versioned output. Text output may change.")
  var json = false

  @Option(help: "When to colour: auto, always or never.")
  var color = ColourChoice.auto

  @Flag(help: "Tables without a header.")
  var noLegend = false

  @Flag(help: "Do not cut lines at the width of the terminal.")
  var wide = false

  @Flag(name: .shortAndLong, help: "Only what needs attention.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say where the answer came from.")
  var verbose = false

  func style(_ surroundings: Surroundings) -> Style {
    Style(color, descriptor: STDOUT_FILENO, legend: !noLegend, wide: wide, surroundings)
  }

  /// Prints a report in the form that was asked for.
  func show(
    _ report: some Encodable, _ surroundings: Surroundings, text: (Style) -> String
  ) {
    print(json ? InspectKit.json(report) : text(style(surroundings)))
  }
}

/// Which process.
struct TargetOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The process.", valueName: "pid|name"))
  var pid: String?

  @Option(help: ArgumentHelp("A state file, also of a process that ended.", valueName: "file"))
  var state: String?

  @Option(help: ArgumentHelp("A core file.", valueName: "file"))
  var core: String?

  func validate() throws {
    if [pid, state, core].compactMap({ $0 }).count > 1 {
      throw ValidationError("Give one of --pid, --state and --core.")
    }
  }

  var isGiven: Bool { pid != nil || state != nil || core != nil }

  /// `target` is the command's positional argument.
  func subject(
    _ target: String?, _ surroundings: Surroundings, command: String, _ common: CommonOptions
  ) throws -> Subject {
    if target != nil, isGiven {
      throw ValidationError("Name the process once.")
    }
    let selection = Selection(target: target ?? pid, stateFile: state, core: core)
    let subject = try selection.resolve(surroundings, command: command)
    if common.verbose, !common.json { writeError("state: \(printable(subject.path))") }
    return subject
  }
}

/// A command that looks at one process and prints one report.
struct LookOptions: ParsableArguments {
  @OptionGroup var common: CommonOptions
  @OptionGroup var target: TargetOptions

  @Argument(help: ArgumentHelp("The process.", valueName: "pid|name"))
  var process: String?

  func show<Report: Encodable>(
    _ command: String, _ report: (Subject, Surroundings) -> Report,
    text: (Report, Style) -> String
  ) throws {
    let surroundings = Surroundings.current()
    let subject = try target.subject(process, surroundings, command: command, common)
    let report = report(subject, surroundings)
    common.show(report, surroundings) { text(report, $0) }
    try finish(subject, common, surroundings)
  }
}

/// The end of every command that looked: broken records were left out of what was printed.
func finish(_ subject: Subject, _ common: CommonOptions, _ surroundings: Surroundings) throws {
  guard let failure = subject.damage else { return }
  let style = Style(
    common.color, descriptor: STDERR_FILENO, legend: true, wide: false, surroundings)
  writeError(failure.render(style, severity: "warning"))
  throw ExitCode(failure.status.rawValue)
}
