import ArgumentParser
import InspectKit

struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "check | show | path | init | schema",
    discussion: """
      The first file that exists is used, and none is merged: --config or
      COEXIST_CONFIG, ./coexist-config.toml (here and up to the repository's
      root), the user's, /etc/coexist. COEXIST_OPTIONS goes over it.
      """,
    subcommands: [
      ConfigCheck.self, ConfigShow.self, ConfigPath.self, ConfigInit.self, ConfigSchema.self,
    ])
}

struct ConfigCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Every mistake with its place. Ends with 1 if there is an error.")

  @OptionGroup var common: CommonOptions

  @Argument(help: "The file; by default the one that would be used.")
  var file: String?

  func run() throws {
    let surroundings = Surroundings.current()
    let path = try configurationPath(file, surroundings, warn: !common.json)
    let report = try CheckReport(path, surroundings)
    if common.json || !common.quiet || !report.isClean {
      common.show(report, surroundings) { report.render($0, quiet: common.quiet) }
    }
    if report.errors > 0 { throw ExitCode(ToolStatus.finding.rawValue) }
  }
}

struct ConfigShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Every key and its value, here or of a process.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var target: TargetOptions

  @Flag(help: "Also where each value came from.")
  var origin = false

  @Option(help: ArgumentHelp("The configuration to show.", valueName: "file"))
  var config: String?

  func run() throws {
    let surroundings = Surroundings.current()
    let report: ShowReport
    if target.isGiven {
      let subject = try target.subject(nil, surroundings, command: "config show", common)
      report = try ShowReport(subject, surroundings)
    } else {
      let path = try configurationPath(config, surroundings, warn: !common.json)
      report = try ShowReport(file: path, surroundings)
    }
    common.show(report, surroundings) { report.render($0, origins: origin) }
  }
}

struct ConfigPath: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "path", abstract: "Where a configuration may be, and which one is used.")

  @OptionGroup var common: CommonOptions

  func run() throws {
    let surroundings = Surroundings.current()
    let report = PathReport(ConfigurationPlaces(surroundings))
    common.show(report, surroundings) { report.render($0) }
  }
}

struct ConfigInit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Write a commented configuration with every default.")

  @OptionGroup var common: CommonOptions

  @Flag(help: "Replace the file if it exists.")
  var force = false

  @Argument(help: "The file to write; - is standard output.")
  var file = "coexist-config.toml"

  func run() throws {
    if file == "-" { return print(Initial.template, terminator: "") }
    try Initial.write(to: file, force: force)
    if common.json {
      print(json(["schema": "coexist.config_init/1", "file": printable(file)]))
    } else if !common.quiet {
      print("Wrote \(printable(file)). Check it with: coexist-inspect config check")
    }
  }
}

struct ConfigSchema: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "The JSON Schema (draft-07) of the file, for editors.")

  @OptionGroup var common: CommonOptions

  func run() throws {
    print(Initial.schema, terminator: Initial.schema.hasSuffix("\n") ? "" : "\n")
  }
}
