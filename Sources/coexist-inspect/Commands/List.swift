import ArgumentParser
import Glibc
import InspectKit

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Processes under libcoexist. (default)",
    discussion: """
      Running processes first, then those that ended and left their state file
      (killed, or crashed). A file whose process number was given to another
      process is removed.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(help: "All processes that ended; without it the newest five.")
  var all = false

  @Flag(help: "First remove the state files of your processes that ended.")
  var prune = false

  func run() throws {
    let surroundings = Surroundings.current()
    if prune {
      let count = Listing.prune(surroundings)
      if !common.quiet, !common.json { writeError("removed \(count) state files") }
    }
    let listing = Listing(surroundings, ended: all ? .all : .newest(5))
    let report = try ListReport(listing, surroundings)
    common.show(report, surroundings) { report.render($0) }
    let style = Style(
      common.color, descriptor: STDERR_FILENO, legend: true, wide: false, surroundings)
    if common.verbose {
      for path in listing.removed { writeError("removed: \(printable(path))") }
    }
    for failure in listing.failures where !common.json && !common.quiet {
      writeError(failure.render(style, severity: "warning"))
    }
  }
}
