import ArgumentParser
import InspectKit

struct Collectors: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What each garbage collector is shown of others' threads and memory.",
    discussion: """
      ALONE: collections with nothing to add but thread-local blocks. KNOWS: living threads that it
      stops itself. STOPPED, SILENT: threads of others that were asked to stop, all in all, and
      those of them that keep every signal out. CONTEXTS, SEGMENTS: fibers and hand-made contexts,
      data of private namespaces, at the last collection.
      Impact on the target: none. The tool reads a page the library publishes.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var target: TargetOptions

  @Argument(help: ArgumentHelp("The process.", valueName: "pid|name"))
  var process: String?

  func run() throws {
    let surroundings = Surroundings.current()
    let subject = try target.subject(process, surroundings, command: "collectors", common)
    let report = CollectorsReport(subject, surroundings)
    common.show(report, surroundings) { report.render($0) }
    try finish(subject, common, surroundings)
  }
}
