import ArgumentParser
import InspectKit

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "One HTML (or JSON) file about the process.",
    discussion: """
      The page needs no network and no script: runtimes as lanes, recorded
      dispatches, chains, threads, containers, and the same as JSON inside.
      Impact on the target: none. The tool reads a page the library publishes.
      """)

  @OptionGroup var look: LookOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write it here; by default to standard output.", valueName: "file"))
  var output: String?

  @Flag(help: "Replace the file if it exists.")
  var force = false

  func run() throws {
    let surroundings = Surroundings.current()
    let subject = try look.target.subject(
      look.process, surroundings, command: "report", look.common)
    let report = ProcessReport(subject, surroundings)
    let text = look.common.json ? json(report) + "\n" : report.html()
    if let output {
      try writeFile(text, to: output, force: force)
    } else {
      print(text, terminator: "")
    }
    try finish(subject, look.common, surroundings)
  }
}
