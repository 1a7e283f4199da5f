import ArgumentParser
import InspectKit

struct Containers: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "containers",
    abstract: "Libraries in containers of their own.",
    discussion: """
      Which [[container]] holds which library, who still runs inside, and why
      a close was refused.
      namespace: a link namespace with a proxy for each library that is shared
      scope: private copies in the program's own namespace, whose names are
      looked up among themselves first.
      With --gdb: commands for gdb, to be given to it with -x, that name the
      code of copies.
      With --perf: commands for a shell, after which perf report names it in
      what perf record --buildid-mmap has recorded, also of a process that has
      ended.
      Impact on the target: none. The tool reads a page the library publishes.
      """)

  @OptionGroup var look: LookOptions

  @Flag(help: "Commands for gdb, instead of the table.")
  var gdb = false

  @Flag(help: "Commands for a shell, for perf, instead of the table.")
  var perf = false

  func validate() throws {
    if gdb && perf { throw ValidationError("--gdb and --perf exclude each other") }
  }

  func run() throws {
    try look.show("containers", ContainersReport.init) { report, style in
      gdb ? report.gdbCommands : perf ? report.perfCommands : report.render(style)
    }
  }
}
