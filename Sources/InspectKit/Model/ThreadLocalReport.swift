/// What `tls` answers: each module with thread-local state, the mechanism chosen for it, and why.
public struct ThreadLocalReport: Encodable, Sendable {
  struct Line: Encodable {
    let id: Int
    let library: String
    let bytes: UInt64
    /// "native", "context", "copy", "entered", "proxy" or "register".
    let policy: String
    let reason: String
    let blocks: UInt64
    let copiedBytes: UInt64
  }

  /// Room for initial-exec variables in each thread.
  struct StaticRoom: Encodable {
    let bytes: UInt64
    let usedBytes: UInt64
    let leftBytes: UInt64
  }

  let schema = "coexist.tls/1"
  let pid: Int
  let takenAt: String
  let contexts: UInt64
  let contextsMade: UInt64
  let stacks: UInt64
  let modules: [Line]
  let staticRoom: StaticRoom?

  enum CodingKeys: String, CodingKey {
    case schema, pid, takenAt, contexts, contextsMade, stacks, modules
    case staticRoom = "static"
  }

  public init(_ subject: Subject, _ surroundings: Surroundings) {
    let state = subject.state.threadLocal
    pid = subject.state.pid
    takenAt = rfc3339(surroundings.now)
    contexts = state.contexts
    contextsMade = state.made
    stacks = state.stacks
    modules = state.modules.map { Line($0) }
    let (size, used) = (state.staticSize, state.staticUsed)
    staticRoom =
      size == 0 ? nil : StaticRoom(bytes: size, usedBytes: used, leftBytes: size - used)
  }
}

extension ThreadLocalReport.Line {
  init(_ module: ThreadLocal.Module) {
    id = module.id
    library = module.name
    bytes = module.size
    policy = "\(module.policy)"
    reason = module.reason.text
    blocks = module.blocks
    copiedBytes = module.copied
  }
}

extension ThreadLocal.Reason {
  fileprivate var text: String {
    switch self {
    case .default: "general-dynamic code"
    case .asked: "asked for"
    case .system: "part of libc"
    case .program: "the main program"
    case .allocator: "defines malloc"
    case .host: "switches stacks itself"
    case .runtime: "a runtime of OS threads"
    case .initialExec: "initial-exec code (W301)"
    case .manifest: "initial-exec code, known variables"
    case .descriptors: "TLS descriptors (W303)"
    case .refused: "no register for it (W305)"
    }
  }
}
