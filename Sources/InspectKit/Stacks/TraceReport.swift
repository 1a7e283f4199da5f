/// What `stacks --trace` answers: the frames of each thread, over the borders of runtimes.
public struct TraceReport: Encodable, Sendable {
  struct Frame: Encodable, Equatable {
    let pc: String
    let sp: String
    let kind: RawFrame.Kind
    let owner: String
    let symbol: String?
    /// From the symbol's start, or the module's.
    let offset: UInt64
    let module: String?
    let container: String?
    let file: String?
    let line: Int?
  }

  /// Between frames `inner` and `inner + 1`; libc's own frames are nobody's.
  struct Border: Encodable, Equatable {
    let inner: Int
    let caller: String
    let callee: String
  }

  struct ThreadStack: Encodable {
    let tid: Int
    let name: String
    let madeBy: String?
    let stoppedNs: UInt64
    /// The thread's outermost frame was reached.
    let whole: Bool
    let frames: [Frame]
    let borders: [Border]
  }

  let schema = "coexist.trace/1"
  let pid: Int
  let takenAt: String
  let threads: [ThreadStack]
  /// Threads that did not stop: they sleep in the kernel, or ended meanwhile.
  let missed: [Int]
  let program: String

  enum CodingKeys: CodingKey { case schema, pid, takenAt, threads, missed }

  /// `only`: one thread. Throws T117, T118 or T119.
  public init(
    _ subject: Subject, only: Int?, _ surroundings: Surroundings
  ) throws(Failure) {
    let state = subject.state
    pid = state.pid
    takenAt = rfc3339(surroundings.now)
    program = state.programName
    let source: any ThreadSource
    switch subject.life {
    case .running: source = try LiveThreads(pid: state.pid)
    case .core: source = try CoreThreads(subject.path)
    case .ended: throw .noStacks(state.pid)
    }
    guard let symbols = subject.mappedSymbols(),
      let walker = StackWalker(symbols, pid: state.pid, source)
    else { throw .notTraceable(state.pid) }
    let tids = source.tids
    if let only, !tids.contains(only) { throw .noThread(only, state.pid) }
    var names = FrameNames(state, symbols)
    let creators = Dictionary(
      state.threadLines.map { ($0.tid, $0.creator) }, uniquingKeysWith: { first, _ in first })
    var threads: [ThreadStack] = []
    var missed: [Int] = []
    for tid in only.map({ [$0] }) ?? tids {
      guard let copy = source.copy(tid) else {
        missed.append(tid)
        continue
      }
      let (raw, isWhole) = walker.walk(copy)
      let frames = raw.map { names.name($0) }
      threads.append(
        ThreadStack(
          tid: tid, name: copy.name, madeBy: creators[tid].map(state.name(ofRuntime:)),
          stoppedNs: copy.stoppedNs, whole: isWhole, frames: frames,
          borders: TraceReport.borders(frames)))
    }
    // A main thread that has ended while others run on may not be traced, either.
    if threads.isEmpty, source.isRefused { throw .notTraceable(state.pid) }
    self.threads = threads
    self.missed = missed
  }

  /// Where control goes from one runtime to another.
  static func borders(_ frames: [Frame]) -> [Border] {
    var result: [Border] = []
    var last: Int?
    for (index, frame) in frames.enumerated() where frame.owner != "system" {
      if let last, frames[last].owner != frame.owner {
        result.append(
          Border(inner: index - 1, caller: frame.owner, callee: frames[last].owner))
      }
      last = index
    }
    return result
  }
}

/// Names frames; each address once, because many threads wait at the same ones.
struct FrameNames {
  private let symbols: MappedSymbols
  private let owners: Owners
  private let generated: PerfMap
  private var known: [UInt64: TraceReport.Frame] = [:]

  init(_ state: State, _ symbols: MappedSymbols) {
    self.symbols = symbols
    owners = Owners(state)
    generated = PerfMap(pid: state.pid, owner: state.user, startedNs: state.startedNs)
  }

  mutating func name(_ raw: RawFrame) -> TraceReport.Frame {
    // A return address may be the first of the next function.
    let isExact = raw.kind == .innermost || raw.kind == .interrupted
    let address = isExact ? raw.pc : raw.pc &- 1
    let frame = known[address] ?? look(address, raw.pc)
    known[address] = frame
    return TraceReport.Frame(
      pc: frame.pc, sp: addressText(raw.sp), kind: raw.kind, owner: frame.owner,
      symbol: frame.symbol, offset: frame.offset, module: frame.module,
      container: frame.container, file: frame.file, line: frame.line)
  }

  private func look(_ address: UInt64, _ pc: UInt64) -> TraceReport.Frame {
    let place = symbols.locate(address)
    let code = place == nil ? generated.entry(holding: address) : nil
    let owner = owners.owner(of: address, at: place)
    // Lines of libc tell nobody anything, and to unpack its debug information takes 40 ms.
    let source = owner?.runtime == 0 ? nil : symbols.line(at: address)
    return TraceReport.Frame(
      pc: addressText(pc), sp: "", kind: .called,
      owner: owner.map { owners.name($0.runtime) } ?? "?", symbol: place?.symbol ?? code?.name,
      offset: place?.offset ?? code.map { address - $0.low } ?? 0, module: place?.module,
      container: owners.container(of: address)?.name, file: source?.file, line: source?.line)
  }
}
