import ArgumentParser
import InspectKit

extension EnvironmentReport.Format: ExpressibleByArgument {}

struct Env: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "env",
    abstract: "Print the environment that preloads libcoexist.",
    discussion: """
      eval "$(coexist-inspect env)"              for this shell
      coexist-inspect env --format systemd       for a unit's [Service] section
      coexist-inspect env --format docker        for a Dockerfile
      coexist-inspect env --format direnv        for .envrc
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "sh, systemd, docker or direnv.")
  var format = EnvironmentReport.Format.sh

  @Option(help: ArgumentHelp("The configuration to use.", valueName: "file"))
  var config: String?

  func run() throws {
    let surroundings = Surroundings.current()
    let report = EnvironmentReport(try Preload(configuration: config, surroundings))
    common.show(report, surroundings) { _ in report.render(format) }
  }
}
