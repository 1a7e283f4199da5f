import CInspect

/// Who is inside which context. Tasks and virtual threads are published; of the others a process
/// keeps only what it needs itself, so its memory is read, or the core's. What may not be read is
/// not known.
struct Residents {
  enum Answer: Equatable {
    case thread(Int)
    case nobody
    case unknown
  }

  private let state: State
  /// A word of the process's memory; nil = it cannot be read.
  private let word: (UInt64) -> UInt64?
  /// Stack pointers, of the threads of which they are known.
  private let stackPointers: [(tid: Int, sp: UInt64)]

  init(_ subject: Subject) {
    state = subject.state
    let hasStacks = state.contexts.contains { $0.host == .stack }
    switch subject.life {
    case .running:
      let pid = subject.state.pid
      word = { Residents.live(pid, $0) }
      stackPointers =
        hasStacks ? Proc.stackPointers(pid).map { ($0, $1) }.sorted { $0.0 < $1.0 } : []
    case .core:
      let core = try? CoreThreads(subject.path)
      word = { core?.word(at: $0) }
      stackPointers = core?.stackPointers ?? []
    case .ended:
      word = { _ in nil }
      stackPointers = []
    }
  }

  init(_ state: State, stackPointers: [(tid: Int, sp: UInt64)], word: @escaping (UInt64) -> UInt64?)
  {
    self.state = state
    self.stackPointers = stackPointers
    self.word = word
  }

  func inside(_ context: Context) -> Answer {
    if context.tid != 0 { return .thread(context.tid) }
    if context.isFollowed { return .nobody }
    if context.host == .stack {
      // A thread that runs shows no stack pointer: it may be on any fiber's stack.
      let found = stackPointers.first { context.low <= $0.sp && $0.sp < context.high }
      return found.map { .thread($0.tid) } ?? .unknown
    }
    guard state.contextOwnerOffset != 0, context.record != 0,
      let owner = word(context.record &+ state.contextOwnerOffset)
    else { return .unknown }
    if owner != 0 { return thread(holding: owner) }
    guard state.contextInsideOffset != 0,
      let holder = word(context.record &+ state.contextInsideOffset), holder != 0
    else { return .nobody }
    return thread(holding: holder)
  }

  /// glibc keeps a thread's static thread-local variables at the end of its stack's block
  /// (nptl/allocatestack.c); the loader made those of the main thread elsewhere.
  private func thread(holding address: UInt64) -> Answer {
    if let line = state.threadLines.first(where: { $0.low <= address && address < $0.high }) {
      return .thread(line.tid)
    }
    return state.threadsLeftOut == 0 ? .thread(state.pid) : .unknown
  }

  private static func live(_ pid: Int, _ address: UInt64) -> UInt64? {
    var value: UInt64 = 0
    return inspect_read_memory(Int32(clamping: pid), address, &value, 8) == 8 ? value : nil
  }
}

extension CoreThreads {
  fileprivate func word(at address: UInt64) -> UInt64? {
    let bytes = memory(at: address, count: 8)
    return bytes.count == 8 ? bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) } : nil
  }

  fileprivate var stackPointers: [(tid: Int, sp: UInt64)] {
    tids.compactMap { tid in copy(tid).map { (tid, $0.registers[ThreadCopy.sp]) } }
  }
}
