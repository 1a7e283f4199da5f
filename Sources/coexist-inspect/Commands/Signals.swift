import ArgumentParser
import InspectKit

struct Signals: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "signals",
    abstract: "Each signal's chain, owner and counts.",
    discussion: """
      With a signal also each link in detail: handler, flags, mask, when and
      by whom installed.
      Impact on the target: none. The tool reads a page the library publishes.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var target: TargetOptions

  @Flag(help: "Also the signals that nobody asked for anything.")
  var all = false

  @Argument(help: ArgumentHelp("The process, then a signal.", valueName: "pid|name> [<signal"))
  var words: [String] = []

  func validate() throws {
    if words.count > 2 { throw ValidationError("Give a process and a signal at most.") }
  }

  func run() throws {
    let surroundings = Surroundings.current()
    let (process, signal) = try split()
    let subject = try target.subject(process, surroundings, command: "signals", common)
    let report = SignalsReport(
      subject, only: signal, all: all, symbols: subject.symbolizer(), surroundings)
    common.show(report, surroundings) { report.render($0) }
    try finish(subject, common, surroundings)
  }

  /// A lone word is a signal if it is a signal's name, or if the process was named by an option.
  private func split() throws -> (process: String?, signal: Int?) {
    guard let last = words.last else { return (nil, nil) }
    if words.count == 2 { return (words[0], try signalNumber(last)) }
    if target.isGiven { return (nil, try signalNumber(last)) }
    if Int(last) == nil, let signal = SignalNames.number(last) { return (nil, signal) }
    return (last, nil)
  }
}
