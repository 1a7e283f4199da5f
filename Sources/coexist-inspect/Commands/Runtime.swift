import ArgumentParser
import InspectKit

struct Runtime: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runtime",
    abstract: "list | show | draft: what is known of runtimes, and a first version for another.",
    discussion: """
      A [[runtime]] of the configuration says what a file of the catalogue
      says, in the same words. show writes a known one so; draft writes one
      from a library's file, and from a process in which the library was at
      work.
      Impact on the target: none. The tool reads a page the library publishes.
      """,
    subcommands: [RuntimeList.self, RuntimeShow.self, RuntimeWriteDraft.self])
}

/// The configuration in force, unless another is named.
struct RuntimeOptions: ParsableArguments {
  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("The configuration.", valueName: "file"))
  var config: String?

  func list() throws -> RuntimeListReport {
    let surroundings = Surroundings.current()
    let path = try configurationPath(config, surroundings, warn: !common.json)
    return try RuntimeListReport(path, surroundings)
  }
}

struct RuntimeForm: ParsableArguments {
  @Flag(help: "A data file of the catalogue (Sources/CCoexist/catalogue), instead of TOML.")
  var header = false

  func show(_ report: RuntimeReport, _ common: CommonOptions) {
    if common.json { return print(json(report)) }
    print(report.text(header ? .header : .toml), terminator: "")
  }
}

struct RuntimeList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Every runtime that is known, and by what.")

  @OptionGroup var options: RuntimeOptions

  func run() throws {
    let report = try options.list()
    options.common.show(report, Surroundings.current()) { report.render($0) }
  }
}

struct RuntimeShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "All that is known of one, as a [[runtime]].")

  @OptionGroup var options: RuntimeOptions
  @OptionGroup var form: RuntimeForm

  @Argument(help: ArgumentHelp("The runtime.", valueName: "name"))
  var name: String

  func run() throws {
    form.show(try RuntimeReport(name, in: options.list()), options.common)
  }
}

struct RuntimeWriteDraft: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "draft", abstract: "A first [[runtime]] for a library, to be looked through.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var form: RuntimeForm

  @Option(
    help: ArgumentHelp(
      "A process in which the library was at work, or its state file.", valueName: "pid|name|file"))
  var observed: String?

  @Option(help: ArgumentHelp("The runtime's name, instead of the library's.", valueName: "name"))
  var name: String?

  @Flag(help: "As if the catalogue did not know the library.")
  var fresh = false

  @Argument(help: ArgumentHelp("The library's file.", valueName: "library"))
  var library: String

  func validate() throws {
    if let name, name.wholeMatch(of: /[A-Za-z0-9._+-]{1,31}/) == nil {
      throw ValidationError(
        "--name may hold letters, digits and '.', '_', '+', '-', at most 31 of them.")
    }
  }

  func run() throws {
    let surroundings = Surroundings.current()
    let subject = try observed.map { try observedSubject($0, surroundings) }
    let draft = try RuntimeDraft(library, observed: subject?.state, name: name, fresh: fresh)
    form.show(draft.report, common)
    if let subject { try finish(subject, common, surroundings) }
  }

  private func observedSubject(_ text: String, _ surroundings: Surroundings) throws -> Subject {
    let isFile = text.contains("/") || text.hasSuffix(".state")
    let selection =
      isFile
      ? Selection(target: nil, stateFile: text, core: nil)
      : Selection(target: text, stateFile: nil, core: nil)
    return try selection.resolve(surroundings, command: "runtime draft")
  }
}
