/// What `threads` answers: who made each thread, what it is doing and has blocked, its stacks,
/// which collectors know it.
public struct ThreadsReport: Encodable, Sendable {
  struct Line: Encodable {
    let tid: Int
    /// Of a process that runs: as the kernel has them.
    let name: String?
    let state: String?
    let blocked: [String]?
    let madeBy: String
    let waitsFor: String?
    let since: String
    let stackLow: String?
    let stackBytes: UInt64
    let alternateLow: String?
    let alternateBytes: UInt64
    let container: UInt64?
    let collectors: [String]
  }

  let schema = "coexist.threads/1"
  let pid: Int
  let takenAt: String
  /// Living ones, also those that no line is left for.
  let living: UInt64
  let threads: [Line]

  public init(_ subject: Subject, _ surroundings: Surroundings) {
    let kernel = subject.life == .running ? Proc.threads(subject.state.pid) : [:]
    self.init(subject.state, kernel, surroundings)
  }

  init(_ state: State, _ kernel: [Int: KernelThread], _ surroundings: Surroundings) {
    pid = state.pid
    takenAt = rfc3339(surroundings.now)
    living = state.threads
    threads = state.threadLines.map { Line($0, kernel[$0.tid], in: state) }
  }

  public func render(_ style: Style) -> String {
    guard !threads.isEmpty else { return style(.dim, "no thread has a line") }
    var table = TextTable([
      .init(title: "TID", alignment: .right), .init(title: "NAME", shrinks: true),
      .init(title: "MADE BY", shrinks: true), .init(title: "STATE"),
      .init(title: "WAITS FOR", shrinks: true), .init(title: "STACK", alignment: .right),
      .init(title: "ALT STACK", alignment: .right), .init(title: "BLOCKED", shrinks: true),
      .init(title: "CONTAINER", alignment: .right), .init(title: "KNOWN TO", shrinks: true),
    ])
    for thread in threads {
      table.add([
        "\(thread.tid)", thread.name ?? "–", thread.madeBy, thread.state ?? "–",
        thread.waitsFor ?? "–", kibibytes(thread.stackBytes), kibibytes(thread.alternateBytes),
        maskText(thread.blocked ?? []), thread.container.map { "\($0)" } ?? "–",
        thread.collectors.isEmpty ? "–" : thread.collectors.joined(separator: " "),
      ])
    }
    let shown = UInt64(threads.count)
    let rest = living > shown ? ", \(grouped(living - shown)) more" : ""
    return (table.render(style) + [style(.dim, plural(threads.count, "thread") + rest)])
      .joined(separator: "\n")
  }
}

extension ThreadsReport.Line {
  init(_ thread: Thread, _ kernel: KernelThread?, in state: State) {
    tid = thread.tid
    name = kernel?.name
    self.state = kernel.map { "\($0.state)" }
    blocked = kernel.map { SignalNames.mask($0.blocked) }
    madeBy = state.name(ofRuntime: thread.creator)
    waitsFor = thread.waitsFor == 0 ? nil : state.name(ofRuntime: thread.waitsFor)
    since = rfc3339(thread.sinceNs)
    stackLow = thread.high == 0 ? nil : hexadecimal(thread.low)
    stackBytes = thread.high - thread.low
    alternateLow = thread.alternateSize == 0 ? nil : hexadecimal(thread.alternate)
    alternateBytes = thread.alternateSize
    container = thread.container == 0 ? nil : thread.container
    collectors = thread.collectors.compactMap { line in
      state.collectors.first { $0.line == line }.map { state.name(ofRuntime: $0.runtime) }
    }
  }
}

private func hexadecimal(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }

/// "8 192 KiB", "–" for nothing.
func kibibytes(_ bytes: UInt64) -> String {
  bytes == 0 ? "–" : grouped((bytes + 1023) / 1024) + " KiB"
}
