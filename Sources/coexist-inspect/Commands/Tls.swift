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

  @OptionGroup var look: LookOptions

  func run() throws {
    try look.show("tls", ThreadLocalReport.init) { report, style in report.render(style) }
  }
}
