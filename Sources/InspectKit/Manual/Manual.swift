/// The manual pages, made from what the program itself knows.
public enum ManualPage: String, CaseIterable, Sendable {
  case tool = "coexist-inspect"
  case configuration = "coexist-config.toml"
  case library = "coexist"

  public var section: Int {
    switch self {
    case .tool: 1
    case .configuration: 5
    case .library: 7
    }
  }

  /// `info`: the command line. Returns the page in the man(7) language.
  public func render(_ info: ToolInfo) -> String {
    switch self {
    case .tool: toolPage(info)
    case .configuration: configurationPage()
    case .library: libraryPage()
    }
  }

  private func toolPage(_ info: ToolInfo) -> String {
    var page = Roff(rawValue, section: section, info.command.abstract ?? "")
    page.section("SYNOPSIS")
    page.paragraph("coexist-inspect [subcommand] [target] [options]")
    page.section("DESCRIPTION")
    if let words = info.command.discussion { page.block(words) }
    page.section("COMMANDS")
    for command in info.command.subcommands ?? [] { add(command, "", &page) }
    page.section("SEE ALSO")
    page.paragraph("coexist(7), coexist-config.toml(5)")
    return page.text
  }

  private func add(_ command: ToolInfo.Command, _ prefix: String, _ page: inout Roff) {
    guard command.shouldDisplay, command.commandName != "help" else { return }
    let name = prefix + command.commandName
    let shown = (command.arguments ?? []).filter { $0.shouldDisplay }
    let places = shown.filter { $0.kind == "positional" }.map { argument in
      let value = argument.valueName ?? "value"
      return (argument.isOptional ? "[\(value)]" : value) + (argument.isRepeating ? " ..." : "")
    }
    page.subsection(([name] + places).joined(separator: " "))
    if let words = command.abstract { page.paragraph(words) }
    if let words = command.discussion { page.block(words) }
    for option in shown where option.kind != "positional" {
      let value = option.kind == "option" ? " " + (option.valueName ?? "value") : ""
      let names = (option.names ?? []).map(\.text).joined(separator: ", ")
      let standard = option.defaultValue.map { " (default: \($0))" } ?? ""
      page.item(names + value, (option.abstract ?? "") + standard)
    }
    for inner in command.subcommands ?? [] { add(inner, name + " ", &page) }
  }

  private func configurationPage() -> String {
    var page = Roff(rawValue, section: section, "what coexist should do otherwise")
    page.section("DESCRIPTION")
    page.paragraph(
      "The file is TOML 1.0. `version` alone is required; every other key has a default. "
        + "The first file that is found counts, and none are merged: the one that COEXIST_CONFIG "
        + "names (none = the defaults), coexist-config.toml in the folder in which the program was "
        + "started, $XDG_CONFIG_HOME/coexist, /etc/coexist. COEXIST_OPTIONS goes over it. "
        + "A file that others may write to is not read.")
    page.paragraph(
      "coexist-inspect config check shows each mistake with its place, config show --origin what "
        + "is in force and why, config init writes the file below, config schema a JSON schema for "
        + "editors.")
    page.section("EVERY KEY")
    page.block(Initial.template)
    page.section("SEE ALSO")
    page.paragraph("coexist-inspect(1), coexist(7)")
    return page.text
  }

  private func libraryPage() -> String {
    var page = Roff(rawValue, section: section, "several language runtimes in one Linux process")
    page.section("SYNOPSIS")
    page.block("LD_PRELOAD=libcoexist.so program\ncoexist-inspect run -- program")
    page.section("DESCRIPTION")
    page.paragraph(
      "Runtimes such as the JVM, .NET, Go, CPython or Mojo each believe that they own the process. "
        + "With libcoexist.so before them each fault and signal reaches the runtime that it "
        + "belongs to; a true crash still gives the report, the exit status and the core file that "
        + "it would have given. Nothing is recompiled and nothing need be configured.")
    page.section("ENVIRONMENT")
    for variable in EnvironmentVariable.all { page.item(variable.name, variable.meaning) }
    page.section("MESSAGES")
    page.paragraph("coexist-inspect explain CODE says more of each.")
    for code in MessageCode.all { page.item(code.code, code.title + ". " + code.remedy) }
    page.section("KNOWN RUNTIMES")
    page.paragraph(
      KnownRuntime.builtIn.map { "\($0.name) (\($0.title))" }.joined(separator: ", ") + ".")
    page.section("SEE ALSO")
    page.paragraph("coexist-inspect(1), coexist-config.toml(5), ld.so(8), sigaction(2)")
    return page.text
  }
}

/// What the library and the tool read of the environment.
struct EnvironmentVariable {
  let name: String
  let meaning: String

  static let all = [
    EnvironmentVariable(
      name: "COEXIST_CONFIG", meaning: "The configuration file; none = defaults."),
    EnvironmentVariable(
      name: "COEXIST_OPTIONS",
      meaning: "Settings for one run, over the file: signals.default:last-wins,log.level:debug"),
    EnvironmentVariable(
      name: "COEXIST_LOG", meaning: "The level of messages: off, error, warn, info, debug."),
    EnvironmentVariable(
      name: "COEXIST_LOG_FILE", meaning: "Where messages go: a path or stderr."),
    EnvironmentVariable(
      name: "COEXIST_LOG_FORMAT", meaning: "json: each message is one object on one line; text."),
    EnvironmentVariable(
      name: "COEXIST_STATE",
      meaning: "Path of the state file: %p is the process's number, %r the runtime folder."),
    EnvironmentVariable(
      name: "COEXIST_DISABLE", meaning: "1: the library only forwards every call."),
    EnvironmentVariable(
      name: "COEXIST_LIBRARY", meaning: "Where coexist-inspect finds libcoexist.so."),
    EnvironmentVariable(name: "NO_COLOR", meaning: "coexist-inspect writes without colours."),
    EnvironmentVariable(
      name: "FORCE_COLOR", meaning: "coexist-inspect writes with colours, also into a pipe."),
    EnvironmentVariable(name: "COLUMNS", meaning: "The width of coexist-inspect's output."),
  ]
}
