import ArgumentParser
import InspectKit

struct Metrics: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics",
    abstract: "OpenMetrics text.",
    discussion: """
      Without a process: of all that run under libcoexist. For Prometheus,
      write it to a file of the node exporter's textfile collector, from a
      timer.
      Impact on the target: none. The tool reads a page the library publishes.
      """)

  @OptionGroup var look: LookOptions

  func validate() throws {
    if look.common.json { throw ValidationError("metrics has one format, OpenMetrics text.") }
  }

  func run() throws {
    let surroundings = Surroundings.current()
    if look.process == nil, !look.target.isGiven {
      print(MetricsReport(Listing(surroundings, ended: .none).subjects).render())
      return
    }
    let subject = try look.target.subject(
      look.process, surroundings, command: "metrics", look.common)
    print(MetricsReport([subject]).render())
    try finish(subject, look.common, surroundings)
  }
}
