import ArgumentParser
import InspectKit

struct Tls: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tls",
    abstract: "Whose thread-local state follows contexts, how, and why.",
    usage: """
      coexist-inspect tls [<pid|name>] [options]
      coexist-inspect tls manifest <library>
      """,
    discussion: """
      native    belongs to the OS thread
      context   each context has its own block
      copy      the task's variables (their bytes) are exchanged at each switch
      entered   own block in contexts entered by hand, the thread's on fibers
      proxy     coexist_call runs on the context's own thread
      register  coexist_call runs with the context's own FS register
      Impact on the target: none. The tool reads a page the library publishes.
      """,
    subcommands: [TlsShow.self, TlsManifest.self], defaultSubcommand: TlsShow.self)
}

struct TlsManifest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manifest",
    abstract: "Draft the [[tls]] of a library whose variables are read at fixed offsets.")

  @OptionGroup var common: CommonOptions

  @Argument(help: ArgumentHelp("The library's file, with symbols.", valueName: "library"))
  var library: String

  func run() throws {
    let report = try ManifestReport(library)
    print(common.json ? InspectKit.json(report) : report.text, terminator: common.json ? "\n" : "")
  }
}

struct TlsShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "The table of a process.", shouldDisplay: false)

  @OptionGroup var look: LookOptions

  func run() throws {
    try look.show("tls", ThreadLocalReport.init) { report, style in report.render(style) }
  }
}
