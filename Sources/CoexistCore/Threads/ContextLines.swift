import CCoexist
import Synchronization

/// What coexist-inspect shows of each context (`coexist_context_line` in `state.h`). A record keeps
/// its line for ever, so that none has to be looked for.
enum ContextLines {
  typealias Context = UnsafeMutablePointer<coexist_context>
  typealias Line = UnsafeMutablePointer<coexist_context_line>

  /// Lines for so many records that were made; the first one's number + 1, 0 = there is none left
  /// for all of them.
  @_noLocks @_noAllocation
  static func keep(_ records: UInt64) -> UInt32 {
    let used = withUnsafeMutablePointer(to: &State.shared.pointee.contexts.lines_used) {
      atomic($0).pointee.wrappingAdd(records, ordering: .relaxed).oldValue
    }
    State.shared.pointee.contexts.owner_offset = UInt64(COEXIST_CONTEXT_OWNER)
    State.shared.pointee.inside_offset = UInt64(COEXIST_CONTEXT_INSIDE)
    return used &+ records > UInt64(COEXIST_CONTEXT_LINES_MAX) ? 0 : UInt32(used) &+ 1
  }

  @_noLocks @_noAllocation
  static func made(_ context: Context, _ host: coexist_context_host, maker: UInt32) {
    let id = withUnsafeMutablePointer(to: &State.shared.pointee.tls.contexts_made) {
      atomic($0).pointee.wrappingAdd(1, ordering: .relaxed).newValue
    }
    guard let line = line(of: context) else { return leftOut(1) }
    line.pointee = coexist_context_line()
    line.pointee.record = UInt64(UInt(bitPattern: context))
    line.pointee.made_ns = coexist_clock_ns(5)  // CLOCK_REALTIME_COARSE: a few nanoseconds
    line.pointee.host = UInt8(truncatingIfNeeded: host.rawValue)
    line.pointee.maker = UInt8(truncatingIfNeeded: maker)
    idOf(line).pointee.store(id, ordering: .releasing)
  }

  @_noLocks @_noAllocation
  static func ended(_ context: Context) {
    guard let line = line(of: context) else { return leftOut(-1) }
    idOf(line).pointee.store(0, ordering: .releasing)
  }

  @_noLocks @_noAllocation
  static func setStack(_ context: Context, _ low: UInt64, _ size: UInt64) {
    guard let line = line(of: context) else { return }
    line.pointee.low = low
    line.pointee.high = low &+ size
  }

  @_noLocks @_noAllocation
  static func gotBlock(_ context: Context, of module: UInt64, _ size: UInt64) {
    guard let line = line(of: context) else { return }
    let index = UInt32(line.pointee.blocks)
    if index < UInt32(COEXIST_CONTEXT_MODULES_MAX) {
      coexist_context_line_module(line, index)!.pointee = UInt16(truncatingIfNeeded: module)
    }
    line.pointee.blocks &+= 1
    line.pointee.bytes &+= UInt32(truncatingIfNeeded: size)
  }

  @_noLocks @_noAllocation
  static func lostBlocks(_ context: Context) {
    guard let line = line(of: context) else { return }
    line.pointee.blocks = 0
    line.pointee.bytes = 0
  }

  // MARK: Who is inside

  /// A task or a virtual thread goes on, on this thread.
  @_noLocks @_noAllocation
  static func resumed(_ context: Context) {
    guard let line = line(of: context), let thread = Threads.current() else { return }
    line.pointee.resumed &+= 1
    let tid = thread.pointee.tid
    if line.pointee.last_tid != 0, line.pointee.last_tid != tid { line.pointee.migrations &+= 1 }
    line.pointee.last_tid = tid
    line.pointee.tid = tid
  }

  /// Before another thread can resume it.
  @_noLocks @_noAllocation
  static func suspended(_ context: Context) { line(of: context)?.pointee.tid = 0 }

  /// Says of every context which thread is inside: when the process is about to die, and in the
  /// child of fork, which has one thread only. A fiber counts where a thread's signal found it.
  @_noLocks @_noAllocation
  static func settle() {
    let used = withUnsafeMutablePointer(to: &State.shared.pointee.contexts.lines_used) {
      atomic($0).pointee.load(ordering: .acquiring)
    }
    for index in 0..<min(used, UInt64(COEXIST_CONTEXT_LINES_MAX)) {
      let line = coexist_state_context_line(State.shared, index)!
      guard line.pointee.id != 0, let context = Context(bitPattern: UInt(line.pointee.record))
      else { continue }
      line.pointee.tid = tid(inside: context)
    }
  }

  @_noLocks @_noAllocation
  private static func tid(inside context: Context) -> Int32 {
    let owner = UInt64(UInt(bitPattern: coexist_context_holder(context)))
    var next = ThreadPool.newest
    while let thread = next {
      if owner != 0, thread.pointee.tls_self == owner { return thread.pointee.tid }
      if thread.pointee.depth > 0, context.pointee.high != 0 {
        let sp = coexist_thread_dispatch(thread, 0)!.pointee.registers.sp
        if sp >= context.pointee.low, sp < context.pointee.high { return thread.pointee.tid }
      }
      next = thread.pointee.next_known
    }
    return 0
  }

  @_noLocks @_noAllocation
  private static func line(of context: Context) -> Line? {
    guard context.pointee.line != 0 else { return nil }
    return coexist_state_context_line(State.shared, UInt64(context.pointee.line &- 1))
  }

  @_noLocks @_noAllocation
  private static func idOf(_ line: Line) -> UnsafeMutablePointer<Atomic<UInt64>> {
    withUnsafeMutablePointer(to: &line.pointee.id) { atomic($0) }
  }

  @_noLocks @_noAllocation
  private static func leftOut(_ change: Int64) {
    withUnsafeMutablePointer(to: &State.shared.pointee.contexts.left_out) {
      _ = atomic($0).pointee.wrappingAdd(UInt64(bitPattern: change), ordering: .relaxed)
    }
  }
}
