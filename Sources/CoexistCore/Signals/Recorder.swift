import CCoexist
import Synchronization

/// The flight recorder: the last 256 dispatches, and the counters beside them.
enum Recorder {
  /// Is the coming dispatch timed? The first ones are, then one of sixteen: reading the processor's
  /// clock three times takes as long as asking a runtime.
  @_noLocks @_noAllocation @inline(__always)
  static func ticks() -> UInt64 {
    let next = withUnsafeMutablePointer(to: &State.shared.pointee.events_next) {
      atomic($0).pointee.load(ordering: .relaxed)
    }
    return next < 1024 || next % 16 == 0 ? coexist_ticks() : 0
  }

  /// Nanoseconds since a dispatch began; nil if it is not timed.
  @_noLocks @_noAllocation @inline(__always)
  private static func elapsed(_ dispatch: UnsafeMutablePointer<coexist_dispatch>) -> UInt32? {
    let entered = dispatch.pointee.entered_ticks
    return entered == 0 ? nil : Clock.nanoseconds(coexist_ticks() &- entered)
  }

  @_noLocks @_noAllocation @inline(__always)
  static func begin(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>,
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) {
    let sequence = withUnsafeMutablePointer(to: &State.shared.pointee.events_next) {
      atomic($0).pointee.wrappingAdd(1, ordering: .relaxed).newValue
    }
    dispatch.pointee.event = sequence
    let event = coexist_state_event(State.shared, sequence)!
    withUnsafeMutablePointer(to: &event.pointee.sequence) {
      atomic($0).pointee.store(0, ordering: .releasing)
    }
    let info = withUnsafeMutablePointer(to: &dispatch.pointee.info) { $0 }
    event.pointee.time_ns = coexist_clock_ns(5)
    event.pointee.pc = dispatch.pointee.registers.pc
    event.pointee.sp = dispatch.pointee.registers.sp
    event.pointee.address = coexist_info_address(info)
    event.pointee.tid = thread.pointee.tid
    event.pointee.code = info.pointee.si_code
    event.pointee.signal = UInt16(truncatingIfNeeded: dispatch.pointee.signal)
    event.pointee.pc_owner = UInt8(truncatingIfNeeded: dispatch.pointee.pc_owner)
    event.pointee.address_owner = UInt8(truncatingIfNeeded: dispatch.pointee.address_owner)
    event.pointee.thread_owner = UInt8(truncatingIfNeeded: dispatch.pointee.thread_owner)
    event.pointee.evidence = 0
    event.pointee.outcome = UInt8(COEXIST_OUTCOME_PENDING.rawValue)
    event.pointee.claimed_by = 0
    event.pointee.to_handler_ns = 0
    event.pointee.total_ns = 0
    event.pointee.tried_count = 0
    publish(event, sequence)
    withUnsafeMutablePointer(to: &State.signal(dispatch.pointee.signal).pointee.delivered) {
      count($0)
    }
  }

  @_noLocks @_noAllocation @inline(__always)
  private static func publish(_ event: UnsafeMutablePointer<coexist_event>, _ sequence: UInt64) {
    withUnsafeMutablePointer(to: &event.pointee.sequence) {
      atomic($0).pointee.store(sequence, ordering: .releasing)
    }
  }

  /// The event's slot, unless 256 younger ones have taken it.
  @_noLocks @_noAllocation @inline(__always)
  private static func slot(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>
  ) -> UnsafeMutablePointer<coexist_event>? {
    let event = coexist_state_event(State.shared, dispatch.pointee.event)!
    return event.pointee.sequence == dispatch.pointee.event ? event : nil
  }

  @_noLocks @_noAllocation @inline(__always)
  static func asked(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>, _ evidence: coexist_evidence
  ) {
    guard let event = slot(dispatch) else { return }
    let count = event.pointee.tried_count
    if count == 0 {
      event.pointee.evidence = UInt8(evidence.rawValue)
      if let ns = elapsed(dispatch) {
        event.pointee.to_handler_ns = ns
        let bucket = ns == 0 ? 0 : UInt32(31 &- ns.leadingZeroBitCount)
        let last = UInt32(COEXIST_LATENCY_BUCKETS) &- 1
        let counter = coexist_signal_latency(
          State.signal(dispatch.pointee.signal), min(bucket, last))!
        atomic(counter).pointee.wrappingAdd(1, ordering: .relaxed)
      }
    }
    guard count < UInt32(COEXIST_TRIED_MAX) else { return }
    coexist_event_tried(event, count)!.pointee = coexist_tried(
      runtime: UInt8(truncatingIfNeeded: dispatch.pointee.runtime),
      how: UInt8(COEXIST_HOW_ASKED.rawValue))
    event.pointee.tried_count = count &+ 1
  }

  @_noLocks @_noAllocation @inline(__always)
  static func answered(_ dispatch: UnsafeMutablePointer<coexist_dispatch>, _ how: coexist_how) {
    let runtime = State.runtime(dispatch.pointee.runtime)
    if how == COEXIST_HOW_CLAIMED {
      withUnsafeMutablePointer(to: &runtime.pointee.claimed) { count($0) }
    } else {
      withUnsafeMutablePointer(to: &runtime.pointee.declined) { count($0) }
    }
    guard let event = slot(dispatch), event.pointee.tried_count > 0 else { return }
    coexist_event_tried(event, event.pointee.tried_count &- 1)!.pointee.how =
      UInt8(how.rawValue)
  }

  @_noLocks @_noAllocation @inline(__always)
  static func claimed(_ dispatch: UnsafeMutablePointer<coexist_dispatch>) {
    answered(dispatch, COEXIST_HOW_CLAIMED)
    let runtime = dispatch.pointee.runtime
    count(coexist_signal_claimed(State.signal(dispatch.pointee.signal), runtime))
    guard let event = slot(dispatch) else { return }
    event.pointee.outcome = UInt8(COEXIST_OUTCOME_CLAIMED.rawValue)
    event.pointee.claimed_by = UInt8(truncatingIfNeeded: runtime)
    event.pointee.total_ns = elapsed(dispatch) ?? 0
  }

  @_noLocks @_noAllocation
  static func defaulted(_ dispatch: UnsafeMutablePointer<coexist_dispatch>) {
    withUnsafeMutablePointer(to: &State.signal(dispatch.pointee.signal).pointee.defaulted) {
      count($0)
    }
    guard let event = slot(dispatch) else { return }
    event.pointee.outcome = UInt8(COEXIST_OUTCOME_DEFAULT.rawValue)
    event.pointee.total_ns = elapsed(dispatch) ?? 0
  }

  /// Calls `body` with each runtime that was asked and what it said.
  @_noLocks @_noAllocation
  static func eachTried(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>, _ body: (UInt32, coexist_how) -> Void
  ) {
    guard let event = slot(dispatch) else { return }
    for index in 0..<min(event.pointee.tried_count, UInt32(COEXIST_TRIED_MAX)) {
      let tried = coexist_event_tried(event, index)!.pointee
      body(UInt32(tried.runtime), coexist_how(UInt32(tried.how)))
    }
  }
}
