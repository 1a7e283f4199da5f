/// One picture of `top`: the head of `status` and the signals, with what came since the last one.
public struct TopScreen {
  public enum Order: String, CaseIterable, Sendable {
    case rate, delivered, signal

    public var next: Order {
      let all = Order.allCases
      return all[(all.firstIndex(of: self)! + 1) % all.count]
    }
  }

  private let report: StatusReport
  private let state: State
  private let rates: [Int: UInt64]

  /// `before`: the state of the picture before, `elapsed` nanoseconds ago; nil for the first.
  public init(_ subject: Subject, before: Subject?, elapsed: UInt64, _ surroundings: Surroundings) {
    state = subject.state
    report = StatusReport(subject, surroundings)
    var rates: [Int: UInt64] = [:]
    for signal in before?.state.signals ?? [] where elapsed > 0 {
      let now = state.signal(signal.number)?.delivered ?? 0
      let new = now >= signal.delivered ? now - signal.delivered : 0
      rates[signal.number] = UInt64(Double(new) * 1e9 / Double(elapsed))
    }
    self.rates = rates
  }

  /// At most `rows` lines; 0 = all.
  public func render(_ style: Style, order: Order, rows: Int = 0, footer: String? = nil) -> String {
    var lines = report.render(style).split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    let end = footer.map { ["", style(.dim, $0)] } ?? []
    let table = table(order).render(style)
    if rows > 0 {
      // The table is what moves: the head gives way first.
      let room = max(6, rows - table.count - end.count - 1)
      lines = Array(lines.prefix(room))
    }
    lines += [""] + table
    if rows > 0 { lines = Array(lines.prefix(max(1, rows - end.count))) }
    return (lines + end).joined(separator: "\n")
  }

  private func table(_ order: Order) -> TextTable {
    var table = TextTable([
      .init(title: "SIGNAL"), .init(title: "PER SECOND", alignment: .right),
      .init(title: "DELIVERED", alignment: .right), .init(title: "UNCLAIMED", alignment: .right),
      .init(title: "HANDLED BY", shrinks: true), .init(title: "MEDIAN", alignment: .right),
      .init(title: "P99", alignment: .right),
    ])
    for signal in sorted(order) {
      let latency = Latency(signal.latency)
      let handled = signal.links.filter { $0.isHandler && $0.claimed > 0 }
        .map { "\(state.name(ofRuntime: $0.runtime)) \(grouped($0.claimed))" }
      table.add([
        SignalNames.name(signal.number), rates[signal.number].map { grouped($0) } ?? "–",
        grouped(signal.delivered), grouped(signal.defaulted),
        handled.isEmpty ? "–" : handled.joined(separator: "  "),
        latency.map { duration($0.median) } ?? "–", latency.map { duration($0.p99) } ?? "–",
      ])
    }
    return table
  }

  private func sorted(_ order: Order) -> [Signal] {
    let shown = state.signals.filter { !$0.links.isEmpty || $0.delivered > 0 }
    func key(_ signal: Signal) -> (UInt64, UInt64) {
      switch order {
      case .rate: (rates[signal.number] ?? 0, signal.delivered)
      case .delivered: (signal.delivered, 0)
      case .signal: (0, 0)
      }
    }
    return shown.sorted { key($0) == key($1) ? $0.number < $1.number : key($0) > key($1) }
  }
}
