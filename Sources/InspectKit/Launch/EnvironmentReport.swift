/// What `env` answers.
public struct EnvironmentReport: Encodable, Sendable {
  public enum Format: String, Sendable, CaseIterable { case sh, systemd, docker, direnv }

  let schema = "coexist.env/1"
  let library: String
  let environment: [String: String]

  public init(_ preload: Preload) {
    library = preload.library
    var environment = ["LD_PRELOAD": preload.value]
    environment["COEXIST_CONFIG"] = preload.configuration
    environment["GLIBC_TUNABLES"] = preload.tunables
    self.environment = environment
  }

  public func render(_ format: Format) -> String {
    let pairs = environment.sorted { $0.key < $1.key }
    return pairs.map { name, value in
      switch format {
      case .sh, .direnv: "export \(name)=\(shellQuoted(value))"
      case .systemd: "Environment=\(systemdQuoted("\(name)=\(value)"))"
      case .docker: "ENV \(name)=\(dockerQuoted(value))"
      }
    }.joined(separator: "\n")
  }
}

private func escaped(_ text: String, _ special: Set<Character>, with mark: String) -> String {
  text.map { special.contains($0) ? mark + String($0) : String($0) }.joined()
}

/// Single quotes; a quote inside ends them, stands escaped, and begins them again.
func shellQuoted(_ text: String) -> String {
  "'" + text.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
}

/// systemd.exec(5): `%` begins a specifier.
private func systemdQuoted(_ text: String) -> String {
  "\"" + escaped(escaped(text, ["\"", "\\"], with: "\\"), ["%"], with: "%") + "\""
}

/// Dockerfile: `$` begins a variable also inside quotes.
private func dockerQuoted(_ text: String) -> String {
  "\"" + escaped(text, ["\"", "\\", "$"], with: "\\") + "\""
}
