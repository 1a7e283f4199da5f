import ArgumentParser
import InspectKit

struct Tls: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Whose thread-local state follows contexts, how, and why.",
    discussion: """
      native: belongs to the OS thread · context: each context has its own block · copy: the
      task's variables (their bytes) are exchanged at each switch · entered: own block in contexts
      entered by hand, the thread's on fibers.
      Impact on the target: none. The tool reads a page the library publishes.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var target: TargetOptions

  @Argument(help: ArgumentHelp("The process.", valueName: "pid|name"))
  var process: String?

  func run() throws {
    let surroundings = Surroundings.current()
    let subject = try target.subject(process, surroundings, command: "tls", common)
    let report = ThreadLocalReport(subject, surroundings)
    common.show(report, surroundings) { report.render($0) }
    try finish(subject, common, surroundings)
  }
}
