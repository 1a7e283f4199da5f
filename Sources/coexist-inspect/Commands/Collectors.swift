import ArgumentParser
import InspectKit

struct Collectors: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collectors",
    abstract: "What each garbage collector is shown of others' threads and memory.",
    discussion: """
      ALONE: collections with nothing to add but thread-local blocks. KNOWS:
      living threads that it stops itself. STOPPED, SILENT: threads of others
      that were asked to stop, all in all, and those of them that keep every
      signal out. CONTEXTS, SEGMENTS: fibers and hand-made contexts, data of
      private namespaces, at the last collection.
      Impact on the target: none. The tool reads a page the library publishes.
      """)

  @OptionGroup var look: LookOptions

  func run() throws {
    try look.show("collectors", CollectorsReport.init) { report, style in report.render(style) }
  }
}
