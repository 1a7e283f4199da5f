import ArgumentParser

struct Completions: ParsableCommand {
  enum Shell: String, CaseIterable, ExpressibleByArgument { case bash, zsh, fish }

  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "A script that completes commands and options in a shell.",
    discussion: """
      bash: eval "$(coexist-inspect completions bash)"
      zsh:  coexist-inspect completions zsh > ~/.zfunc/_coexist-inspect
      fish: coexist-inspect completions fish | source
      """)

  @Argument(help: "The shell.")
  var shell: Shell

  func run() {
    let known: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    print(Tool.completionScript(for: known))
  }
}
