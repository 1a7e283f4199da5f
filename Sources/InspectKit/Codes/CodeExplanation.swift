/// What `explain CODE` answers.
public struct CodeExplanation: Encodable, Sendable {
  struct Seen: Encodable {
    let at: String
    let text: String
    let atNs: UInt64

    enum CodingKeys: CodingKey { case at, text }
  }

  let schema = "coexist.explain_code/1"
  let code: String
  let title: String
  let explanation: String
  let remedy: String
  let pid: Int?
  let takenAt: String
  /// Oldest first; empty without a process.
  let seen: [Seen]
  let program: String?

  enum CodingKeys: CodingKey {
    case schema, code, title, explanation, remedy, pid, takenAt, seen
  }

  public init(_ page: MessageCode, in subject: Subject?, _ surroundings: Surroundings) {
    code = page.code
    title = page.title
    explanation = page.explanation
    remedy = page.remedy
    pid = subject?.state.pid
    program = subject?.state.programName
    takenAt = rfc3339(surroundings.now)
    seen = (subject?.state.warnings ?? []).filter { $0.code == page.code }.map {
      Seen(at: rfc3339($0.timeNs), text: $0.text, atNs: $0.timeNs)
    }
  }

  public func render(_ style: Style) -> String {
    var lines = [style(.bold, "\(code): \(title)."), ""]
    lines += wrapped(explanation, width: style.width)
    lines += [""] + wrapped("What you can do: " + remedy, width: style.width)
    if let program, let pid {
      lines += [
        "", seen.isEmpty ? "Not seen in \(program) (\(pid))." : "Seen in \(program) (\(pid)):",
      ]
      lines += seen.map { "  \(clock($0.atNs)) \($0.text)" }
    }
    return lines.joined(separator: "\n")
  }
}
