import ArgumentParser
import InspectKit

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "One screen about one process.",
    discussion: "Impact on the target: none. The tool reads a page the library publishes.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var target: TargetOptions

  @Flag(help: "End with 1 if the process is degraded or off.")
  var check = false

  @Argument(help: ArgumentHelp("The process.", valueName: "pid|name"))
  var process: String?

  func run() throws {
    let surroundings = Surroundings.current()
    let subject = try target.subject(process, surroundings, command: "status", common)
    let report = StatusReport(subject, surroundings)
    if !common.quiet || common.json {
      common.show(report, surroundings) { report.render($0) }
    }
    try finish(subject, common, surroundings)
    if check, report.condition == .degraded || report.condition == .off {
      throw ExitCode(ToolStatus.finding.rawValue)
    }
  }
}
