import ArgumentParser
import InspectKit

struct Threads: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Who made each thread, where its stacks lie, which collectors know it.",
    discussion: """
      ALT STACK: the one the kernel has; coexist's own where no runtime asked for one, or several.
      KNOWN TO: collectors that stop the thread themselves; the others are shown its stack.
      Impact on the target: none. The tool reads a page the library publishes.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var target: TargetOptions

  @Argument(help: ArgumentHelp("The process.", valueName: "pid|name"))
  var process: String?

  func run() throws {
    let surroundings = Surroundings.current()
    let subject = try target.subject(process, surroundings, command: "threads", common)
    let report = ThreadsReport(subject, surroundings)
    common.show(report, surroundings) { report.render($0) }
    try finish(subject, common, surroundings)
  }
}
