/// What `report` answers: everything about one process in one value.
public struct ProcessReport: Encodable, Sendable {
  struct RegionLine: Encodable {
    let low: String
    let high: String
    let runtime: String
    let kind: String
  }

  let schema = "coexist.report/1"
  let pid: Int
  let takenAt: String
  let status: StatusReport
  let signals: SignalsReport
  let events: [EventLine]
  let threads: ThreadsReport
  let stacks: StacksReport
  let collectors: CollectorsReport
  let threadLocal: ThreadLocalReport
  let contexts: ContextsReport
  let containers: ContainersReport
  let regions: [RegionLine]
  let state: State

  enum CodingKeys: CodingKey {
    case schema, pid, takenAt, status, signals, events, threads, stacks, collectors, threadLocal
    case contexts, containers, regions
  }

  public init(_ subject: Subject, _ surroundings: Surroundings) {
    let symbols = subject.symbolizer()
    let state = subject.state
    self.state = state
    pid = state.pid
    takenAt = rfc3339(surroundings.now)
    status = StatusReport(subject, surroundings)
    signals = SignalsReport(subject, only: nil, all: false, symbols: symbols, surroundings)
    events = state.events.map { EventLine($0, state, symbols) }
    threads = ThreadsReport(subject, surroundings)
    stacks = StacksReport(subject.state, [:], surroundings)  // how full they are: too many files
    collectors = CollectorsReport(subject, surroundings)
    threadLocal = ThreadLocalReport(subject, surroundings)
    contexts = ContextsReport(subject, surroundings)
    containers = ContainersReport(subject, surroundings)
    regions = state.regions.map {
      RegionLine(
        low: addressText($0.low), high: addressText($0.high),
        runtime: state.name(ofRuntime: $0.runtime), kind: "\($0.kind)")
    }
  }
}
