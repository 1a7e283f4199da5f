import CCoexist

/// A living thread that the library has seen begin.
public struct Thread: Sendable, Equatable {
  public var tid = 0
  /// The runtime that made it.
  public var creator = 0
  /// The runtime that it waits for, when pools wait for each other; 0 = none that is known.
  public var waitsFor = 0
  /// [low, high); 0 = not known.
  public var low: UInt64 = 0
  public var high: UInt64 = 0
  /// The alternate stack that the kernel has; size 0 = none.
  public var alternate: UInt64 = 0
  public var alternateSize: UInt64 = 0
  /// Lines of the collectors that know it.
  public var collectors: [Int] = []
  public var container: UInt64 = 0
  public var sinceNs: UInt64 = 0
}

/// A collector that is shown what others hold.
public struct Collector: Sendable, Equatable {
  public var line = 0
  public var runtime = 0
  /// Is it the caller of coexist_roots_each?
  public var isCaller = false
  public var collections: UInt64 = 0
  /// Of those, with nothing to add but thread-local blocks.
  public var alone: UInt64 = 0
  public var asked: UInt64 = 0
  public var silent: UInt64 = 0
  public var contexts: UInt64 = 0
  public var segments: UInt64 = 0
}

extension State {
  mutating func decodeStacks(_ raw: UnsafeMutablePointer<coexist_state>) {
    threadsLeftOut = raw.pointee.stacks.left_out
    for index in 0..<Int(COEXIST_COLLECTOR_LINES) {
      let from = coexist_state_collector(raw, UInt64(index))!.pointee
      guard from.present != 0 else { continue }
      guard from.runtime < UInt32(COEXIST_RUNTIMES_MAX) else {
        damage.append("collector \(index): runtime \(from.runtime)")
        continue
      }
      collectors.append(
        Collector(
          line: index, runtime: Int(from.runtime),
          isCaller: index == Int(COEXIST_COLLECTOR_LINES_FIRST) - 1, collections: from.collections,
          alone: from.alone, asked: from.asked, silent: from.silent, contexts: from.contexts,
          segments: from.segments))
    }
    for index in 0..<UInt64(COEXIST_THREAD_LINES_MAX) {
      let from = coexist_state_thread_line(raw, index)!.pointee
      guard from.tid > 0 else { continue }  // free, or being filled in
      guard from.creator < UInt8(COEXIST_RUNTIMES_MAX),
        from.waits_for < UInt8(COEXIST_RUNTIMES_MAX), from.low <= from.high
      else {
        damage.append("thread \(from.tid): stack \(from.low)")
        continue
      }
      threadLines.append(
        Thread(
          tid: Int(from.tid), creator: Int(from.creator), waitsFor: Int(from.waits_for),
          low: from.low, high: from.high,
          alternate: from.alternate, alternateSize: from.alternate_size,
          collectors: (0..<Int(COEXIST_COLLECTOR_LINES)).filter { from.collectors >> $0 & 1 == 1 },
          container: from.container, sinceNs: from.since_ns))
    }
    threadLines.sort { $0.tid < $1.tid }
  }
}
