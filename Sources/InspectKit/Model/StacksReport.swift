/// What `stacks` answers: the bounds of each thread's stack, and which collectors look at it.
public struct StacksReport: Encodable, Sendable {
  struct Line: Encodable {
    let tid: Int
    let madeBy: String
    let low: String?
    let high: String?
    let bytes: UInt64
    /// Of a thread that sleeps; of one that runs it changes too fast.
    let usedBytes: UInt64?
    /// Collectors that stop the thread and scan it themselves.
    let knownTo: [String]
    /// Collectors that coexist shows the stack to.
    let shownTo: [String]
  }

  let schema = "coexist.stacks/1"
  let pid: Int
  let takenAt: String
  let stacks: [Line]
  let program: String

  enum CodingKeys: CodingKey { case schema, pid, takenAt, stacks }

  public init(_ subject: Subject, _ surroundings: Surroundings) {
    let pointers = subject.life == .running ? Proc.stackPointers(subject.state.pid) : [:]
    self.init(subject.state, pointers, surroundings)
  }

  init(_ state: State, _ pointers: [Int: UInt64], _ surroundings: Surroundings) {
    pid = state.pid
    takenAt = rfc3339(surroundings.now)
    program = state.programName
    stacks = state.threadLines.map { thread in
      func names(_ known: Bool) -> [String] {
        state.collectors.filter { thread.collectors.contains($0.line) == known && !$0.isCaller }
          .map { state.name(ofRuntime: $0.runtime) }
      }
      let isKnown = thread.high != 0
      let used = pointers[thread.tid].flatMap {
        thread.low <= $0 && $0 < thread.high ? thread.high - $0 : nil
      }
      return Line(
        tid: thread.tid, madeBy: state.name(ofRuntime: thread.creator),
        low: isKnown ? addressText(thread.low) : nil,
        high: isKnown ? addressText(thread.high) : nil, bytes: thread.high - thread.low,
        usedBytes: used, knownTo: names(true), shownTo: names(false))
    }
  }

  public func render(_ style: Style) -> String {
    guard !stacks.isEmpty else { return style(.dim, "no thread of \(program) has a line") }
    var table = TextTable([
      .init(title: "TID", alignment: .right), .init(title: "MADE BY", shrinks: true),
      .init(title: "LOW"), .init(title: "HIGH"), .init(title: "SIZE", alignment: .right),
      .init(title: "USED", alignment: .right),
      .init(title: "KNOWN TO", shrinks: true), .init(title: "SHOWN TO", shrinks: true),
    ])
    for stack in stacks {
      table.add([
        "\(stack.tid)", stack.madeBy, stack.low ?? "–", stack.high ?? "–",
        kibibytes(stack.bytes), kibibytes(stack.usedBytes ?? 0), words(stack.knownTo),
        words(stack.shownTo),
      ])
    }
    return table.render(style).joined(separator: "\n")
  }

  private func words(_ list: [String]) -> String {
    list.isEmpty ? "–" : list.joined(separator: " ")
  }
}
