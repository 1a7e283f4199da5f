import ArgumentParser
import InspectKit

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a program under libcoexist (execs it).",
    usage:
      "coexist-inspect run [--config <file>] [-E <name>[=<value>]] -- <program> <arguments>",
    discussion: """
      The program replaces this tool: same process number, same terminal, and
      its own exit status or signal is what the caller sees. Libraries that
      LD_PRELOAD holds are kept, coexist goes first. Nothing is printed when
      it works. The same by hand:
        LD_PRELOAD=/path/to/libcoexist.so PROGRAM ARGUMENTS
      """)

  @Option(help: ArgumentHelp("The configuration to use.", valueName: "file"))
  var config: String?

  @Flag(help: "Use the built-in defaults, whatever files there are.")
  var noConfig = false

  @Option(
    name: .customShort("E"),
    help: ArgumentHelp(
      "Set a variable for the program, or remove it. Repeatable.", valueName: "name=value"))
  var variables: [String] = []

  @Flag(help: "Errors as JSON.")
  var json = false

  @Option(help: "When to colour errors: auto, always or never.")
  var color = ColourChoice.auto

  @Argument(
    parsing: .captureForPassthrough,
    help: ArgumentHelp("The program and its arguments.", valueName: "program"))
  var command: [String] = []

  func validate() throws {
    if config != nil, noConfig { throw ValidationError("Give --config or --no-config.") }
  }

  func run() throws {
    let words = command.first == "--" ? Array(command.dropFirst()) : command
    if command.first == "--help" || command.first == "-h" { throw CleanExit.helpRequest(self) }
    let surroundings = Surroundings.current()
    let launch = try Launch(
      words, configuration: noConfig ? "" : config, changes: variables, surroundings)
    try launch.execute()
  }
}
