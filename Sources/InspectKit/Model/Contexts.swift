import CCoexist

/// A living context: one instance of the guests' thread-local state.
public struct Context: Sendable, Equatable {
  public enum Host: UInt8, Sendable {
    case stack = 1
    case explicit, task, virtual
  }

  /// 1, 2, … in the order in which they were made.
  public var id: UInt64 = 0
  public var host = Host.explicit
  /// The runtime that made it.
  public var maker = 0
  /// Its record in the process: what C calls coexist_context_t.
  public var record: UInt64 = 0
  public var madeNs: UInt64 = 0
  /// [low, high): its own stack; 0 = none.
  public var low: UInt64 = 0
  public var high: UInt64 = 0
  /// The thread inside, as far as it is published; 0 = nobody, or not published.
  public var tid = 0
  /// Of tasks and virtual threads.
  public var resumed: UInt32 = 0
  public var migrations: UInt32 = 0
  public var blocks = 0
  /// Of all blocks.
  public var bytes: UInt64 = 0
  /// Ids of the modules that the first blocks belong to.
  public var modules: [Int] = []

  /// Is the thread inside always published?
  var isFollowed: Bool { host == .task || host == .virtual }
}

extension State {
  mutating func decodeContexts(_ raw: UnsafeMutablePointer<coexist_state>) {
    contextsLeftOut = raw.pointee.contexts.left_out
    contextOwnerOffset = raw.pointee.contexts.owner_offset
    contextInsideOffset = raw.pointee.inside_offset
    let used = min(raw.pointee.contexts.lines_used, UInt64(COEXIST_CONTEXT_LINES_MAX))
    for index in 0..<used {
      let from = coexist_state_context_line(raw, index)!
      guard from.pointee.id != 0 else { continue }
      guard let context = State.decodeContext(from) else {
        damage.append("context \(from.pointee.id)")
        continue
      }
      contexts.append(context)
    }
    contexts.sort { $0.id < $1.id }
  }

  private static func decodeContext(
    _ from: UnsafeMutablePointer<coexist_context_line>
  ) -> Context? {
    let raw = from.pointee
    guard let host = Context.Host(rawValue: raw.host), raw.maker < UInt8(COEXIST_RUNTIMES_MAX),
      raw.low <= raw.high
    else { return nil }
    var context = Context(id: raw.id, host: host, maker: Int(raw.maker), record: raw.record)
    context.madeNs = raw.made_ns
    context.low = raw.low
    context.high = raw.high
    context.tid = max(0, Int(raw.tid))
    context.resumed = raw.resumed
    context.migrations = raw.migrations
    context.blocks = Int(raw.blocks)
    context.bytes = UInt64(raw.bytes)
    let ids = fixedArray(&from.pointee.modules, of: UInt16.self)
    context.modules = ids.prefix(context.blocks).filter { $0 != 0 }.map(Int.init)
    return context
  }
}
