import CCoexist
import Synchronization

/// Tags what runtimes of this process send, so that each signal finds its sender's handler.
/// Standard signals coalesce: the tags of all senders are kept until one delivery serves them all.
enum Senders {
  /// Before a signal is sent to a thread. nil record = a thread that we do not know.
  @_noLocks @_noAllocation
  static func tag(
    _ signal: Int32, _ thread: UnsafeMutablePointer<coexist_thread>?, caller: UInt64
  ) {
    guard isShared(signal) else { return }
    let sender = bit(Ownership.caller(caller))
    let word =
      thread.map { coexist_thread_tag($0, UInt32(signal))! } ?? coexist_process_tag(UInt32(signal))!
    _ = atomic(word).pointee.bitwiseOr(sender, ordering: .releasing)
  }

  /// With one party the kernel calls it whoever sent.
  @_noLocks @_noAllocation
  private static func isShared(_ signal: Int32) -> Bool {
    isChained(signal) && !isFault(signal)
      && State.installed(signal) == COEXIST_INSTALLED_DISPATCHER
  }

  /// The senders whose signals this delivery serves.
  @_noLocks @_noAllocation
  static func take(_ signal: Int32, _ thread: UnsafeMutablePointer<coexist_thread>) -> UInt64 {
    let number = UInt32(signal)
    return atomic(coexist_thread_tag(thread, number)).pointee.exchange(0, ordering: .acquiring)
      | atomic(coexist_process_tag(number)).pointee.exchange(0, ordering: .acquiring)
  }

  @_noLocks @_noAllocation
  static func origin(
    _ signal: Int32, _ info: UnsafeMutablePointer<siginfo_t>,
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> Recipients.Origin {
    let tags = take(signal, thread)
    if tags != 0 { return .tagged(tags) }
    let code = info.pointee.si_code
    if code == -2 { return .timer(Timers.owners(ofTimer: coexist_info_timer(info))) }
    // SI_KERNEL: an interval timer, or the terminal.
    if code == 128 { return .timer(Timers.owners(ofInterval: signal)) }
    let isOurs =
      code <= 0 && UInt64(UInt32(bitPattern: coexist_info_sender(info))) == State.shared.pointee.pid
    return isOurs ? .raw : .outside
  }
}

/// Whose timer is it?
enum Timers {
  @_noLocks @_noAllocation
  static func created(_ id: Int32, caller: UInt64) {
    let owner = Ownership.caller(caller)
    let entry = (UInt64(UInt32(bitPattern: id)) &+ 1) &<< 8 | UInt64(owner)
    for index in 0..<UInt32(COEXIST_TIMERS_MAX) {
      let word = atomic(coexist_timer_owner(index))
      let old = word.pointee.load(ordering: .relaxed)
      if old == 0 || old &>> 8 == entry &>> 8,
        word.pointee.compareExchange(expected: old, desired: entry, ordering: .releasing).exchanged
      {
        return
      }
    }
  }

  @_noLocks @_noAllocation
  static func owners(ofTimer id: Int32) -> UInt64 {
    for index in 0..<UInt32(COEXIST_TIMERS_MAX) {
      let entry = atomic(coexist_timer_owner(index)).pointee.load(ordering: .acquiring)
      if entry &>> 8 == UInt64(UInt32(bitPattern: id)) &+ 1 { return bit(UInt32(entry & 255)) }
    }
    return 0
  }

  /// One interval timer serves all who want its signal: SIGALRM, SIGVTALRM, SIGPROF.
  @_noLocks @_noAllocation
  static func owners(ofInterval signal: Int32) -> UInt64 {
    signal == 14 || signal == 26 || signal == 27 ? Requests.claimants(signal) : 0
  }
}
