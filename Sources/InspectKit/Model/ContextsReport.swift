/// What `contexts` answers: each living context, what it follows, and who is inside.
public struct ContextsReport: Encodable, Sendable {
  struct ModuleLine: Encodable {
    let id: Int
    let library: String
    let bytes: UInt64
  }

  struct Line: Encodable {
    let id: UInt64
    /// "stack", "explicit", "task" or "virtual".
    let host: String
    let madeBy: String
    let record: String
    let made: String
    /// "thread", "nobody" or "unknown".
    let inside: String
    let tid: Int?
    let stackLow: String?
    let stackHigh: String?
    let stackBytes: UInt64
    let blocks: Int
    let blockBytes: UInt64
    let modules: [ModuleLine]
    /// Only of tasks and virtual threads.
    let resumed: UInt32?
    let migrations: UInt32?
    let madeNs: UInt64

    enum CodingKeys: CodingKey {
      case id, host, madeBy, record, made, inside, tid, stackLow, stackHigh, stackBytes
      case blocks, blockBytes, modules, resumed, migrations
    }
  }

  let schema = "coexist.contexts/1"
  let pid: Int
  let takenAt: String
  let living: UInt64
  let made: UInt64
  let contexts: [Line]
  /// Collectors that are shown the contexts' stacks and blocks.
  let shownTo: [String]
  let program: String
  let now: UInt64
  let isDetailed: Bool

  enum CodingKeys: CodingKey { case schema, pid, takenAt, living, made, contexts, shownTo }

  /// `only`: the id of one context; throws T121 if it does not live.
  public init(_ subject: Subject, only: UInt64?, _ surroundings: Surroundings) throws(Failure) {
    if let only, !subject.state.contexts.contains(where: { $0.id == only }) {
      throw .noContext(only, subject.state.pid)
    }
    self.init(subject, only: only, Residents(subject), surroundings)
  }

  /// All of them.
  init(_ subject: Subject, _ surroundings: Surroundings) {
    self.init(subject, only: nil, Residents(subject), surroundings)
  }

  init(_ subject: Subject, only: UInt64?, _ residents: Residents, _ surroundings: Surroundings) {
    let state = subject.state
    pid = state.pid
    takenAt = rfc3339(surroundings.now)
    now = surroundings.now
    program = state.programName
    living = state.threadLocal.contexts
    made = state.threadLocal.made
    isDetailed = only != nil
    contexts = state.contexts.filter { only == nil || $0.id == only }
      .map { Line($0, residents.inside($0), in: state) }
    shownTo = state.collectors.filter { !$0.isCaller }.map { state.name(ofRuntime: $0.runtime) }
  }
}

extension ContextsReport.Line {
  init(_ context: Context, _ answer: Residents.Answer, in state: State) {
    id = context.id
    host = "\(context.host)"
    madeBy = context.madeBy(in: state)
    record = addressText(context.record)
    made = rfc3339(context.madeNs)
    madeNs = context.madeNs
    switch answer {
    case .thread(let thread): (inside, tid) = ("thread", thread)
    case .nobody: (inside, tid) = ("nobody", nil)
    case .unknown: (inside, tid) = ("unknown", nil)
    }
    let hasStack = context.high != 0
    stackLow = hasStack ? addressText(context.low) : nil
    stackHigh = hasStack ? addressText(context.high) : nil
    stackBytes = context.high - context.low
    blocks = context.blocks
    blockBytes = context.bytes
    modules = context.modules.map { id in
      let module = state.threadLocal.modules.first { $0.id == id }
      return .init(id: id, library: module?.name ?? "module \(id)", bytes: module?.size ?? 0)
    }
    resumed = context.isFollowed ? context.resumed : nil
    migrations = context.isFollowed ? context.migrations : nil
  }
}

extension Context {
  /// Tasks are Mojo's and virtual threads a JVM's: the library does not ask whose again.
  fileprivate func madeBy(in state: State) -> String {
    switch host {
    case .task: "mojo"
    case .virtual: "jvm"
    case .stack, .explicit: state.name(ofRuntime: maker)
    }
  }
}
