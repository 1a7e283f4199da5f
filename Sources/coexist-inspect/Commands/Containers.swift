import ArgumentParser
import InspectKit

struct Containers: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Libraries in containers of their own.",
    discussion: """
      Which [[container]] holds which library, who still runs inside, and why a close was refused.
      namespace: a link namespace with a proxy for each library that is shared · scope: private
      copies in the program's own namespace, whose names are looked up among themselves first.
      With --gdb: commands for gdb, to be given to it with -x, that name the code of copies.
      Impact on the target: none. The tool reads a page the library publishes.
      """)

  @OptionGroup var look: LookOptions

  @Flag(help: "Commands for gdb, instead of the table.")
  var gdb = false

  func run() throws {
    try look.show("containers", ContainersReport.init) { report, style in
      gdb ? report.gdbCommands : report.render(style)
    }
  }
}
