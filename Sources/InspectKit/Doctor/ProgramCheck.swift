/// D010: the loader will preload into the program, and finds its libraries.
enum ProgramCheck {
  static func run(_ patient: Patient) -> [Finding] {
    if let failure = patient.failure {
      return [Finding("D010", .problem, failure.message, remedy: failure.help)]
    }
    guard let program = patient.program else { return [] }
    var title = "dynamically linked, not setuid"
    if let interpreter = program.interpreter {
      title = "a script; \(printable(interpreter)) is " + title
    }
    var findings = [Finding("D010", .good, title)]
    if !patient.missing.isEmpty {
      findings.append(
        Finding(
          "D010", .problem, "not found: \(patient.missing.joined(separator: ", "))",
          remedy: "the program does not start without them; check LD_LIBRARY_PATH"))
    }
    return findings
  }
}
