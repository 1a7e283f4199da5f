import ArgumentParser
import InspectKit

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Why: a signal, an address, or a message code.",
    discussion: """
      explain SIGSEGV   who is asked, in which order, why, and the last times
      explain 0xADDR    module, symbol, region and owner of an address
      explain W201      what a message means and what to do
      Impact on the target: none. The tool reads a page the library publishes.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var target: TargetOptions

  @Option(help: ArgumentHelp("Show at most so many recorded events.", valueName: "count"))
  var last = 5

  @Argument(help: ArgumentHelp("What to explain.", valueName: "signal|0xaddress|code"))
  var what: String

  @Argument(help: ArgumentHelp("The process.", valueName: "pid|name"))
  var process: String?

  func validate() throws {
    if last < 0 { throw ValidationError("--last counts events, so it is at least 0.") }
  }

  func run() throws {
    let surroundings = Surroundings.current()
    if MessageCode.looksLikeCode(what) { return try explainCode(surroundings) }
    let value = addressValue(what)
    let signal = value == nil ? try signalNumber(what) : 0
    let subject = try target.subject(process, surroundings, command: "explain", common)
    if let value {
      let report = try AddressExplanation(
        subject, address: value, symbols: subject.symbolizer(), surroundings)
      common.show(report, surroundings) { report.render($0) }
    } else {
      let report = SignalExplanation(
        subject, signal: signal, last: last, symbols: subject.symbolizer(), surroundings)
      common.show(report, surroundings) { report.render($0) }
    }
    try finish(subject, common, surroundings)
  }

  /// The page needs no process; if there is exactly one, it also says when the message was seen.
  private func explainCode(_ surroundings: Surroundings) throws {
    let page = try MessageCode.find(what)
    let isNamed = process != nil || target.isGiven
    let subject =
      isNamed
      ? try target.subject(process, surroundings, command: "explain", common)
      : try? Selection.automatic.resolve(surroundings, command: "explain")
    let report = CodeExplanation(page, in: subject, surroundings)
    common.show(report, surroundings) { report.render($0) }
  }
}
