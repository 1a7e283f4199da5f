/// What `doctor` answers.
public struct DoctorReport: Encodable, Sendable {
  struct Group: Encodable {
    let name: String
    let findings: [Finding]
  }

  let schema = "coexist.doctor/1"
  let takenAt: String
  let program: String?
  let groups: [Group]
  public let problems: Int
  let remarks: Int

  /// Checks the machine, `program` if one is named, and the configuration. Runs nothing of it.
  public init(_ program: String?, _ surroundings: Surroundings) {
    let patient = Patient(program, surroundings)
    takenAt = rfc3339(surroundings.now)
    self.program = program.map { printable($0) }
    var groups = [
      Group(name: "Machine", findings: DoctorReport.machine.flatMap { $0(patient) })
    ]
    if let program {
      groups.append(
        Group(
          name: "Program \(printable(program))",
          findings: DoctorReport.program.flatMap { $0(patient) }))
    }
    groups.append(
      Group(
        name: "Configuration",
        findings: ConfigurationCheck.run(patient) + TunablesCheck.run(patient)))
    self.groups = groups
    (problems, remarks) = DoctorReport.count(groups)
  }

  /// Only given findings, for tests.
  init(group name: String, _ findings: [Finding]) {
    takenAt = rfc3339(0)
    program = nil
    groups = [Group(name: name, findings: findings)]
    (problems, remarks) = DoctorReport.count(groups)
  }

  private static func count(_ groups: [Group]) -> (problems: Int, remarks: Int) {
    let levels = groups.flatMap(\.findings).map(\.level)
    return (levels.count { $0 == .problem }, levels.count { $0 == .remark })
  }

  private typealias Check = @Sendable (Patient) -> [Finding]
  private static let machine: [Check] = [
    PlatformCheck.run, MembarrierCheck.run, YamaCheck.run, LibraryCheck.run, StateFolderCheck.run,
  ]
  private static let program: [Check] = [
    ProgramCheck.run, RuntimesCheck.run, RawSystemCallsCheck.run, SanitizerCheck.run,
    SymbolClashCheck.run, PreloadCheck.run,
  ]

  public func render(_ style: Style, quiet: Bool = false) -> String {
    var lines: [String] = []
    for group in groups {
      let shown = group.findings.filter { !quiet || $0.level != .good }
      if shown.isEmpty { continue }
      lines.append(style(.bold, group.name))
      let width = min(48, shown.filter { $0.note != nil }.map(\.title.count).max() ?? 0)
      lines += shown.flatMap { $0.lines(style, titleWidth: width) }
    }
    lines.append(summary)
    return lines.joined(separator: "\n")
  }

  private var summary: String {
    let count = problems + remarks
    if count == 0 { return "No problems." }
    return "\(plural(count, "note")): \(plural(problems, "problem")), "
      + "\(plural(remarks, "remark")).   coexist-inspect doctor --json for tools"
  }
}

extension Finding {
  fileprivate func lines(_ style: Style, titleWidth: Int) -> [String] {
    let mark =
      switch level {
      case .good: style(.green, "✓")
      case .remark: style(.yellow, "!")
      case .problem: style(.red, "✗")
      }
    let fill = String(repeating: " ", count: max(0, titleWidth - title.count))
    let row = "  \(mark) \(title)" + (note.map { fill + "  " + style(.dim, $0) } ?? "")
    return [row] + (remedy.map { wrapped($0, width: style.width, indent: "      ") } ?? [])
  }
}
