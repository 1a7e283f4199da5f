import ArgumentParser
import InspectKit

struct Containers: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Libraries in namespaces of their own.",
    discussion: """
      Which [[container]] holds which library, who still runs inside, and why a close was refused.
      Impact on the target: none. The tool reads a page the library publishes.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var target: TargetOptions

  @Argument(help: ArgumentHelp("The process.", valueName: "pid|name"))
  var process: String?

  func run() throws {
    let surroundings = Surroundings.current()
    let subject = try target.subject(process, surroundings, command: "containers", common)
    let report = ContainersReport(subject, surroundings)
    common.show(report, surroundings) { report.render($0) }
    try finish(subject, common, surroundings)
  }
}
