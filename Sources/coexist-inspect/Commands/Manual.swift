import ArgumentParser
import InspectKit

extension ManualPage: ExpressibleByArgument {}

struct Manual: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual",
    abstract: "The manual pages, for man(1).",
    discussion: """
      coexist-inspect manual coexist | man -l -
      coexist-inspect manual --into /usr/local/share/man
      """)

  @Option(help: ArgumentHelp("Write all pages into its man1, man5 and man7.", valueName: "folder"))
  var into: String?

  @Argument(help: ArgumentHelp("Which page to print.", valueName: "page"))
  var page = ManualPage.tool

  func run() throws {
    guard let info = ToolInfo(json: Tool._dumpHelp()) else {
      throw Failure("", "the command line does not describe itself.", .bug)
    }
    guard let into else { return print(page.render(info), terminator: "") }
    for page in ManualPage.allCases {
      try writeFile(
        page.render(info), to: "\(into)/man\(page.section)/\(page.rawValue).\(page.section)")
    }
  }
}
