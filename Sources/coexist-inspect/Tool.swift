import ArgumentParser
import InspectKit

/// The root command.
struct Tool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coexist-inspect",
    abstract: "Look inside a process whose language runtimes coexist.",
    usage: "coexist-inspect [<subcommand>] [<target>] [options]",
    discussion: """
      TARGET
        PID | NAME | --core FILE | --state FILE; none if there is one.
        Impact on it: none. The tool reads a page the library publishes.

      EXAMPLES
        coexist-inspect run -- ./app --its-flags
        coexist-inspect signals 48213
        coexist-inspect explain SIGSEGV --pid 48213
        coexist-inspect status --json | jq .warnings

      EXIT STATUS
        0 ok · 1 finding · 64 usage · 65 input damaged · 69 no such target
        70 bug in the tool · 77 not permitted · 78 bad configuration
        run: 126 cannot be run, 127 not found, else the program's own
      """,
    version: toolVersion,
    groupedSubcommands: [
      CommandGroup(
        name: "START", subcommands: [Run.self, Env.self, Doctor.self, Config.self]),
      CommandGroup(
        name: "LOOK",
        subcommands: [
          List.self, Status.self, Signals.self, Threads.self, Stacks.self, Collectors.self,
          Tls.self, Contexts.self, Containers.self, Explain.self,
        ]),
      CommandGroup(name: "SHARE", subcommands: [Top.self, Report.self, Metrics.self]),
      CommandGroup(
        name: "SETUP", subcommands: [Runtime.self, Completions.self, Manual.self]),
    ],
    defaultSubcommand: List.self)

  /// Whoever mistypes one is told the nearest. Each says its name itself: to derive it from the
  /// type's is a search through all protocols of the program, a millisecond for them all.
  static let subcommandNames = configuration.subcommands.map { $0._commandName }
}
