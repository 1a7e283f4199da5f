import ArgumentParser
import InspectKit

struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check this machine, and a program, before running.",
    usage: "coexist-inspect doctor [options] [-- <program>]",
    discussion: "Ends with 1 if there is a problem (✗). Runs nothing of the program's.")

  @OptionGroup var common: CommonOptions

  @Argument(help: ArgumentHelp("The program to check.", valueName: "program"))
  var command: [String] = []

  func run() throws {
    let surroundings = Surroundings.current()
    let report = DoctorReport(command.first, surroundings)
    common.show(report, surroundings) { report.render($0, quiet: common.quiet) }
    if report.problems > 0 { throw ExitCode(ToolStatus.finding.rawValue) }
  }
}
