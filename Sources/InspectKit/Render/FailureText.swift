extension Failure {
  /// `error[T101]: sentence.` and the remedy below it.
  public func render(_ style: Style, severity: String = "error") -> String {
    // T104 without a name is the answer to an ordinary question, not a mistake.
    if code == "T104", help == nil { return message }
    let look: Style.Look = severity == "error" ? .red : .yellow
    let label = style(look, code.isEmpty ? severity : "\(severity)[\(code)]")
    return "\(label): \(message)" + (help.map { "\n   = help: \($0)" } ?? "")
  }
}
